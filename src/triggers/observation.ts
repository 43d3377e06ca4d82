import type { Diagnosis, DriftEvent } from '../events/drift-event.ts'
import type { TimeRange } from '../events/fields.ts'
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
  /** What was found in every window that ends here, of any verdict. */
  readonly findings: readonly Finding[]
  /** Event time until which labels count as complete. */
  readonly labelledUntil: number
  /** Labelled events of a stretch of event time. Asked only when a trigger has fired. */
  readonly labelledIn: (range: TimeRange) => number
  /** Labelled events since the model is watched; only differences of it mean anything. */
  readonly labelledTotal: number
  /** Stretches in which the pipe was broken, in time order, none touching the next. */
  readonly broken: readonly TimeRange[]
  /** Requests in flight for other models. */
  readonly queued: number
}
