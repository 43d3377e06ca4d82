import { RowSample } from '../sketches/reference-sample.ts'
import type { PaneSketch, PerformanceCounts, Reference } from '../sketches/types.ts'
import type { WindowedCounts } from '../sketches/windowed-counts.ts'

/**
 * A version's way to a reference of its own: *cut* from a sample of its first events, *count* on the edges
 * that followed, *judge* from the pane after the last that was counted.
 *
 * Every step is taken when a pane closes, by stream time, and rests on whole panes. So the same events lead
 * to the same edges, whatever the partitions, flushes and restarts; late events apart. To the same counts
 * they lead where the observers take up the edges in the same pane: a pane that was counted partly
 * without them feeds nothing.
 */
export interface VersionLearning {
  /** Until the cut: what was counted without a reference, and the rows, by pane. After: the counts alone. */
  readonly open: Map<number, SampledPane>
  closed: SampledPane
  counting: Counting | null
}

/** A version whose edges are cut. */
export interface Counting {
  readonly cut: Reference
  /** Panes before this were sampled. */
  readonly fromMs: number
  readonly features: PaneSketch
  readonly outcomes: PerformanceCounts
  /** The same counts by base window. */
  readonly windowed: WindowedCounts
  /** Counted panes whose labels are not complete yet. */
  readonly unlabelled: Set<number>
  /** End of the last pane counted; null while counting. */
  untilMs: number | null
}

/** What is known of events that were counted without a reference. */
export interface SampledPane {
  events: number
  readonly rows: RowSample
}

export function emptyRows(rowsMax: number): SampledPane {
  return { events: 0, rows: new RowSample(rowsMax) }
}
