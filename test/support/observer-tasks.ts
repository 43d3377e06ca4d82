import type { Logger } from 'pino'
import type { AppOptions } from '../../src/config/options.ts'
import { openObserver } from '../../src/consumers/observer.ts'
import type { Task } from '../../src/consumers/task.ts'
import { checkTopics } from '../../src/consumers/topics.ts'
import type { CommittedPosition, Log } from '../../src/log/port.ts'
import { decodeDelta, encodeDelta } from '../../src/sketches/delta-codec.ts'
import { observerEdge } from './observer-edge.ts'

/** Opens observer tasks on a log with one partition, at positions of the test's choice. */
export async function openObserverTasks(log: Log, options: AppOptions, now: number, logger?: Logger) {
  const edge = observerEdge(log, now, { flush: options.flush, ...(logger && { logger }) })
  const observer = await openObserver(options, await checkTopics(log, options.topics.names), edge)
  return {
    open: (committed: readonly CommittedPosition[]) => observer.openTask(0, committed),
    close: () => observer.close(),
  }
}

/** A task whose topics are folded record by record, and where it stands. */
export class SteppedTask {
  readonly #task: Task
  readonly #log: Log
  readonly #positions: Map<string, number>
  readonly #flushed: Map<string, number>

  constructor(task: Task, log: Log, committed: readonly CommittedPosition[]) {
    this.#task = task
    this.#log = log
    this.#positions = new Map(committed.map(({ topic, offset }) => [topic, offset]))
    this.#flushed = new Map(this.#positions)
  }

  /** Folds a topic up to an offset. */
  async foldTo(topic: string, to: number): Promise<void> {
    const from = this.#positions.get(topic)!
    for await (const batch of this.#log.read([{ topic, partition: 0, from, to }]))
      await this.#task.fold(batch)
    this.#positions.set(topic, to)
  }

  /** A flush: the deltas it would write, whoever the owner is, and the positions it would commit. */
  async flush(sketches: string): Promise<{ deltas: string[]; committed: CommittedPosition[] }> {
    await this.#task.prepareFlush()
    const ranges = [...this.#positions].map(([topic, to]) => ({
      topic,
      partition: 0,
      from: this.#flushed.get(topic)!,
      to,
    }))
    const written = this.#task.take(ranges).filter(({ topic }) => topic === sketches)
    for (const { topic, to } of ranges) this.#flushed.set(topic, to)
    const deltas = written.map(({ value }) => {
      // Flushes are counted anew by each owner; everything else is the same.
      const delta = { ...decodeDelta(value!), flush: 0 }
      return Buffer.from(encodeDelta(delta)).toString('hex')
    })
    const committed = ranges.map(({ topic, partition, to: offset }) => {
      const note = this.#task.note?.(topic)
      return { topic, partition, offset, ...(note !== undefined && { note }) }
    })
    return { deltas, committed }
  }

  close(): Promise<void> {
    return this.#task.close()
  }
}
