import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { CommittedPosition, OffsetRange, TransactionalProducer } from '../log/port.ts'
import type { Edge } from './edge.ts'
import { noteFlush } from './note-flush.ts'
import type { Task, TaskProcess } from './task.ts'

/** A task with what its owner needs to commit for it. */
export interface OwnedTask {
  readonly task: Task
  readonly producer: TransactionalProducer
  /** Per topic: what is committed, and what is folded since. */
  readonly ranges: Map<string, OffsetRange>
  /** Has the consumer been told to read no further? */
  isPaused: boolean
}

/** A transaction under way: what it will have committed, and how it ended. */
export interface Flushing {
  readonly partition: number
  readonly owned: OwnedTask
  /** Null when it was committed. */
  readonly ended: Promise<DriftstreamError | null>
}

/** Whether a task has something to write, or has read on. */
export function hasMore({ task, ranges }: OwnedTask): boolean {
  return task.pending || [...ranges.values()].some(({ from, to }) => from !== to)
}

/** Hands what a task has to write, with the positions it has folded up to, to one transaction. */
export function beginTransaction(
  process: TaskProcess,
  { progress, metrics }: Edge,
  partition: number,
  owned: OwnedTask,
): Flushing {
  const ranges = [...owned.ranges.values()]
  const records = owned.task.take(ranges)
  // What is folded from here on is the next transaction's.
  for (const range of ranges) owned.ranges.set(range.topic, { ...range, from: range.to })
  const positions: CommittedPosition[] = ranges.map(({ topic, to }) => {
    const note = owned.task.note?.(topic)
    return { topic, partition, offset: to, ...(note !== undefined && { note }) }
  })
  const startedAt = performance.now()
  const note = (error: DriftstreamError | null) => {
    noteFlush(metrics, process.name, startedAt, error)
    return error
  }
  const ended = owned.producer.flush({ records, offsets: { group: process.group, positions } }).then(
    ({ written }) => {
      progress.advance(positions, written)
      return note(null)
    },
    (error: unknown) => note(asFailure(error)),
  )
  return { partition, owned, ended }
}

/** A failure is told to the loop, whenever it looks; nobody awaits a transaction while it is under way. */
function asFailure(error: unknown): DriftstreamError {
  if (error instanceof DriftstreamError) return error
  return new DriftstreamError('STATE_IMPOSSIBLE', `while flushing: ${String(error)}`, {}, { cause: error })
}
