import type { Diagnosis } from '../events/drift-event.ts'

/** Fires once at each time of a cron pattern, in a time zone. */
export interface ScheduleTrigger {
  readonly kind: 'schedule'
  readonly name: string
  readonly cron: string
  /** IANA name, e.g. `Europe/Vienna`. */
  readonly timezone: string
}

/** Fires while a data episode is open whose diagnosis is one of `diagnoses`. */
export interface DriftTrigger {
  readonly kind: 'drift'
  readonly name: string
  readonly diagnoses: readonly Diagnosis[]
}

/** Fires while a performance episode is open whose diagnosis is one of `diagnoses`. */
export interface PerformanceTrigger {
  readonly kind: 'performance'
  readonly name: string
  readonly diagnoses: readonly Diagnosis[]
}

/** Fires when any, or all, of its members fire at the same evaluation. */
export interface CombinedTrigger {
  readonly kind: 'any' | 'all'
  readonly name: string
  readonly of: readonly TriggerSpec[]
}

/** Names are unique within a policy: requests, suppressions and pending schedules are told apart by them. */
export type TriggerSpec = ScheduleTrigger | DriftTrigger | PerformanceTrigger | CombinedTrigger

/** When a model is retrained, and what holds a retrain back. Times in milliseconds of stream time. */
export interface TriggerPolicy {
  readonly trigger: TriggerSpec
  /** Quiet time after a request has ended, whatever its end. */
  readonly cooldownMs: number
  /** Labelled events the training range must hold. */
  readonly minimumSample: number
  /** Training range of a request that no episode dates: the last so many milliseconds. */
  readonly trainingWindowMs: number
  /** A request without a terminal deployment event for this long no longer blocks the next. */
  readonly inFlightTimeoutMs: number
}
