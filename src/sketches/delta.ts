import type { PairEntry } from './paired-losses.ts'
import type { PaneSketch } from './types.ts'

/** One pane's counts inside a delta. */
export interface DeltaEntry {
  readonly model: string
  readonly version: string
  /** Start of the pane, epoch ms. */
  readonly paneStart: number
  /** The reference whose edges were counted on; null: counted without a reference. */
  readonly referenceId: string | null
  readonly sketch: PaneSketch
  /** The entry as it stands in a delta, where it was encoded before: what is long is done in parts. */
  readonly encoded?: Uint8Array | null
}

/** What one source partition contributed to a flush: `from` included, `to` excluded. */
export interface DeltaSource {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
  /** Largest event time read from it so far, epoch ms; -Infinity before the first event. */
  readonly readUntil: number
}

/** What the observer met and could not count, since its last flush. Expected conditions are values. */
export interface StreamCounts {
  late: number
  duplicatePredictions: number
  duplicateLabels: number
  orphanLabels: number
  expiredPredictions: number
  deadLetters: number
  unreferenced: number
  /** No count but a level: predictions of the task that wait for their labels, and labels for theirs. */
  waiting: number
}

/**
 * One flush of one observer task, as written to one partition of the sketches topic. Every flush goes to
 * every sketches partition, empty where no model of that partition was touched, so that a detector sees
 * each source's offsets continue without a gap and an idle source differ from a dead one.
 */
export interface SketchDelta {
  /** The observer's task: the partition number of features and labels. */
  readonly task: number
  /** Counts up by one per flush of the task's owner; restarts at 0 with each owner. */
  readonly flush: number
  /** A flush too large for one record is cut: `part` of `parts`, all with the same header. */
  readonly part: number
  readonly parts: number
  readonly sources: readonly DeltaSource[]
  /**
   * Event time up to which the task is complete, epoch ms; -Infinity before its first event: its features'
   * largest event time, or its labels' while labels wait unread.
   */
  readonly watermark: number
  /** No features came for a while: the detector's clock must not wait for this task. */
  readonly idle: boolean
  readonly stream: StreamCounts
  readonly entries: readonly DeltaEntry[]
  /** Of events that two versions have answered; absent where there are none. In the first part alone. */
  readonly pairs?: readonly PairEntry[]
}
