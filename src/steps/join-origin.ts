import { completeUntil, type ObserveState } from './observe.ts'
import type { StreamOptions } from './options.ts'

/** What of the source topics a task's joins are made of: enough to build them again as they are. */
export interface JoinOrigin {
  /** Offsets from which to read; Infinity where nothing of a topic is needed. */
  readonly features: number
  readonly labels: number
  /**
   * Where the labels stood that wait for their predictions, in order; null where they are too many to be
   * named, and then nothing is known of those from the first of them on.
   */
  readonly early: readonly number[] | null
}

/** What is noted of a task must fit beside a committed position. */
const EARLY_MAX = 128

/**
 * Where reading must begin after a restart: at the oldest prediction or label that waits, and at what is as
 * young as a repeat that must be recognised. Costs a look at each 256th prediction.
 */
export function joinOrigin(state: ObserveState, { repeatWaitMs }: StreamOptions): JoinOrigin {
  const since = completeUntil(state) - repeatWaitMs
  const joins = [...state.joins.values()]
  const features = Math.min(...joins.map((join) => join.oldest(since)))
  // What one model needs is read of all: their labels must be read as well, or they would seem to wait.
  const labels = Math.min(...joins.map((join) => join.labelsOf(features)))
  const early = joins.flatMap((join) => join.earlyLabels(EARLY_MAX + 1)).sort((a, b) => a - b)
  return {
    features,
    labels,
    early: early.length > EARLY_MAX ? null : early,
  }
}
