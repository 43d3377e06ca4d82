import type { CommittedPosition, OffsetRange, OutgoingRecord, RecordBatch } from '../log/port.ts'
import type { SetMetric } from '../metrics/metrics.ts'

/**
 * One partition number of a process's topics: the unit of ownership, of state and of transactions.
 * A task is born with the committed positions, restores its state from the log, folds records, and hands
 * out what a flush must write. When ownership ends it is thrown away; nothing it had not flushed counts.
 */
export interface Task {
  /**
   * False where something is on its way without which none of these records can be folded. The task is then
   * `paused`, and the batch is read again when it no longer is.
   */
  canFold?(batch: RecordBatch): boolean
  /** Decodes and steps; the records continue what was folded or restored before. */
  fold(batch: RecordBatch): void | Promise<void>
  /** Called between polls: for what happens without a record, such as a finished training. */
  tick(): void
  /** Output waits to be flushed although no record was folded. */
  readonly pending: boolean
  /** Others wait for what it has to write: a flush waits for no interval then, only for what is at hand. */
  readonly urgent?: boolean
  /** Work is under way that will become output by itself. */
  readonly busy: boolean
  /** What was folded must not be committed yet: not all that follows from it has happened. */
  readonly holding?: boolean
  /** Nothing more is to be read for now; asked between polls. */
  readonly paused: boolean
  /** Called before `take`: for what a flush must know of the log. */
  prepareFlush(): Promise<void>
  /** What this flush writes; `ranges` are the source offsets folded since the last one. */
  take(ranges: readonly OffsetRange[]): readonly OutgoingRecord[]
  /** What is written beside the position of a topic that is committed with what was taken last. */
  note?(topic: string): string
  /** What was taken last is committed. Never called for a flush that failed or whose outcome is unclear. */
  flushed?(): void
  /** What stands in the task's state, for whoever reads the metrics; called at any time between folds. */
  tell?(set: SetMetric): void
  close(): Promise<void>
}

/** What distinguishes observer, detector, retrainer and alerter: their topics and their tasks. */
export interface TaskProcess {
  readonly name: 'observer' | 'detector' | 'retrainer' | 'alerter'
  readonly group: string
  readonly topics: readonly string[]
  /** Flush at least this often, even when nothing came: others measure silence by it. */
  readonly heartbeatMs: number | null
  /** Its tasks have copied what they keep of a record's bytes when `fold` is over, so they may be overwritten. */
  readonly copiesBytes?: boolean
  /**
   * Rejects with the reason of `over` when that is aborted before the state is restored: then the task is
   * somebody else's, or will be opened anew.
   */
  openTask(partition: number, committed: readonly CommittedPosition[], over?: AbortSignal): Promise<Task>
  close(): Promise<void>
}

/** A task whose state is being restored, once it is; closed where that fails or is given up. */
export async function restoredTask<T extends Task>(task: T, restoring: Promise<void>): Promise<T> {
  try {
    await restoring
  } catch (error) {
    await task.close()
    throw error
  }
  return task
}
