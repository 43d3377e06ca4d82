import type { Diagnosis } from '../events/drift-event.ts'

/** Fires once at each time of a cron pattern, in a time zone. */
export interface ScheduleTrigger {
  readonly kind: 'schedule'
  readonly name: string
  readonly cron: string
  /** IANA name, e.g. `Europe/Vienna`. */
  readonly timezone: string
  /** Each model comes up to this much later, always by the same: a hundred models need not start at once. */
  readonly jitterMs: number
  /** A time that a guard held back stays due until the guard opens or the next time comes; else it is over. */
  readonly catchUp: boolean
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
  /** Not before so long after the episode was detected; absent: at once. */
  readonly lastingMs?: number
}

/** Fires while an episode is open whose evidence holds a drifted estimate of performance, made without labels. */
export interface EstimatedTrigger {
  readonly kind: 'estimated'
  readonly name: string
  readonly diagnoses: readonly Diagnosis[]
}

/** Where a metric comes from: labels, or scores alone. */
export type MetricSource = 'measured' | 'estimated'

/** What of a metric is held against a limit; all in the metric's own unit, or as a share of what it was. */
export type MetricRule =
  | { readonly kind: 'below' | 'above'; readonly limit: number }
  /** Worse than the reference by at least this share of the reference's value. */
  | { readonly kind: 'worse-than-reference'; readonly share: number }
  /** Worse than `withinMs` ago by at least this share of the value then. */
  | { readonly kind: 'worse-within'; readonly share: number; readonly withinMs: number }

/** Fires while a metric of the newest window breaks a rule. No test: combine it with hysteresis. */
export interface MetricTrigger {
  readonly kind: 'metric'
  readonly name: string
  readonly metric: string
  readonly source: MetricSource
  readonly rule: MetricRule
}

/** Fires while at least so many labelled events have come since the last request or promotion. */
export interface VolumeTrigger {
  readonly kind: 'volume'
  readonly name: string
  readonly labelled: number
}

/** Fires while the champion has served for longer than this, in stream time. */
export interface AgeTrigger {
  readonly kind: 'age'
  readonly name: string
  readonly maxAgeMs: number
}

/** Fires while the loss that a retrain is expected to avoid is worth more than the retrain. */
export interface CostTrigger {
  readonly kind: 'cost'
  readonly name: string
  readonly metric: string
  readonly source: MetricSource
  /** What one unit of the metric costs, for one prediction, in the unit of `retrainCost`. */
  readonly costPerUnit: number
  readonly retrainCost: number
  /** How long a retrained model is expected to stay better than the champion. */
  readonly horizonMs: number
  /** Null: as many as there were labelled ones in the window. */
  readonly predictionsPerDay: number | null
  /** Share of what was lost that a retrain is expected to win back, above 0 to 1. */
  readonly recoverable: number
}

/** Fires when any, all, or at least so many of its members fire at the same evaluation. */
export interface CombinedTrigger {
  readonly kind: 'any' | 'all' | 'at-least'
  readonly name: string
  /** How many members an `at-least` needs; the other kinds do not look at it. */
  readonly needed?: number
  readonly of: readonly TriggerSpec[]
}

/** Fires when the weights of the members that fire sum to at least `needed`. */
export interface VotesTrigger {
  readonly kind: 'votes'
  readonly name: string
  readonly needed: number
  readonly of: readonly { readonly weight: number; readonly trigger: TriggerSpec }[]
}

/** Fires when the proof fires, and the suspicion fires now or did so at most `withinMs` ago. */
export interface ConfirmedTrigger {
  readonly kind: 'confirmed'
  readonly name: string
  readonly suspicion: TriggerSpec
  readonly proof: TriggerSpec
  readonly withinMs: number
}

/** Names are unique within a policy: requests, suppressions and what is remembered are told apart by them. */
export type TriggerSpec =
  | ScheduleTrigger
  | DriftTrigger
  | PerformanceTrigger
  | EstimatedTrigger
  | MetricTrigger
  | VolumeTrigger
  | AgeTrigger
  | CostTrigger
  | CombinedTrigger
  | VotesTrigger
  | ConfirmedTrigger

/** A stretch of the day in which nothing is requested; one that ends before it begins passes midnight. */
export interface QuietHours {
  /** Minutes after midnight, 0 to 1439; the end is excluded. The same twice is the whole day. */
  readonly fromMinute: number
  readonly toMinute: number
  readonly timezone: string
  /** Days on which it begins, 0 Sunday to 6 Saturday. */
  readonly days: readonly number[]
}

/** When a model is retrained, and what holds a retrain back. Times in milliseconds of stream time. */
export interface TriggerPolicy {
  readonly trigger: TriggerSpec
  /** Quiet time after a request has ended, whatever its end. */
  readonly cooldownMs: number
  /** Quiet time after a promotion or a roll-back. */
  readonly deploymentCooldownMs: number
  /** What is measured must fire at `panes` of the last `of` evaluations, the present one among them. */
  readonly hysteresis: { readonly panes: number; readonly of: number }
  /** At most so many requests in any stretch of this length; null: no limit. */
  readonly requestBudget: { readonly requests: number; readonly perMs: number } | null
  readonly quietHours: readonly QuietHours[]
  /** Labelled events since the last request or promotion. */
  readonly minimumNewLabels: number
  /** Labelled events the training range must hold. */
  readonly minimumSample: number
  /** Requests of other models in flight, of those this detector task decides; null: no limit. */
  readonly queueMax: number | null
  /** Of several models that fire at one pane the one with the larger number is asked first. */
  readonly priority: number
  /** Training range of a request that no episode dates: the last so many milliseconds. */
  readonly trainingWindowMs: number
  /** That range holds the last so many labelled events instead, within twice the window; null: as above. */
  readonly trainingEvents: number | null
  /**
   * Share of a training range, the latest of it, that candidates are compared on and never learn from, 0 to 1;
   * null where there is none: then what came after a change is waited for, however young it is.
   */
  readonly holdoutShare: number | null
  /**
   * After gates have refused a candidate: how many times as much of the changed world the next one must learn
   * from to answer the same episode without waiting for the cooldown, above 1; null: it waits.
   */
  readonly retryGrowth: number | null
  /** A request is of no use so long after it was made. */
  readonly deadlineMs: number
  /** A request without a terminal deployment event for this long no longer blocks the next. */
  readonly inFlightTimeoutMs: number
}

/** The guards that a policy may leave out, open. */
export const OPEN_GUARDS = {
  holdoutShare: null,
  retryGrowth: null,
  deploymentCooldownMs: 0,
  hysteresis: { panes: 1, of: 1 },
  requestBudget: null,
  quietHours: [],
  minimumNewLabels: 0,
  queueMax: null,
  priority: 0,
  trainingEvents: null,
} as const satisfies Partial<TriggerPolicy>
