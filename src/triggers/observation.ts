import type { Diagnosis, DriftEvent } from '../events/drift-event.ts'
import type { Finding } from '../events/finding.ts'

/** A drift that is going on, as the triggers see it. */
export interface OpenEpisode {
  readonly id: string
  readonly concern: DriftEvent['concern']
  readonly diagnosis: Diagnosis
  /** Estimated change point and detection, event time in epoch ms. */
  readonly changedAt: number
  readonly detectedAt: number
  readonly findings: readonly Finding[]
  readonly summary: string
}

/** What one evaluation knows of one model: the champion, the time, and what is wrong with the world. */
export interface TriggerObservation {
  readonly model: string
  /** The champion: the version a request would replace. */
  readonly version: string
  /** Stream time, epoch ms; never a clock's. Observations of one model come in its order. */
  readonly at: number
  readonly openEpisodes: readonly OpenEpisode[]
  /** Labelled events with an event time at or after `fromMs`. Asked only when a trigger has fired. */
  readonly labelledSince: (fromMs: number) => number
}
