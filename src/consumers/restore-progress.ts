import type { LogRecord, OffsetRange, TopicPartition } from '../log/port.ts'
import type { Edge } from './edge.ts'

const TELL_MS = 5_000
/** Of the condition, which others look at; a look at the clock for each record would cost. */
const NOTE_RECORDS = 100

/** Tells how a detector's state is rebuilt: now and then while it lasts, and at the end. */
export class RestoreProgress {
  readonly #edge: Edge
  readonly #task: number
  readonly #ranges: readonly OffsetRange[]
  readonly #fromSnapshot: boolean
  readonly #reached = new Map<string, number>()
  readonly #startedAt = performance.now()
  #toldAt = this.#startedAt
  #records = 0

  constructor(edge: Edge, task: number, ranges: readonly OffsetRange[], fromSnapshot: boolean) {
    this.#edge = edge
    this.#task = task
    this.#ranges = ranges
    this.#fromSnapshot = fromSnapshot
    edge.condition.restored(task, 0)
  }

  note({ offset }: LogRecord, { topic, partition }: TopicPartition): void {
    this.#records++
    this.#reached.set(`${topic}/${partition}`, offset + 1)
    if (this.#records % NOTE_RECORDS !== 0) return
    this.#edge.condition.restored(this.#task, this.#share())
    // A task that reads again what it must know is at work, whatever the loop waits for.
    this.#edge.alive()
    const now = performance.now()
    if (now - this.#toldAt < TELL_MS) return
    this.#toldAt = now
    this.#edge.logger.info({ ...this.#told(), share: this.#share() }, 'rebuilding the detector state')
  }

  end(): void {
    this.#edge.condition.restored(this.#task, 1)
    if (this.#records === 0 && !this.#fromSnapshot) return
    this.#edge.logger.info({ ...this.#told(), fromSnapshot: this.#fromSnapshot }, 'detector state rebuilt')
  }

  #told(): { records: number; seconds: number } {
    return { records: this.#records, seconds: Math.round(performance.now() - this.#startedAt) / 1_000 }
  }

  /** Of the offsets, markers included, 0 to 1. */
  #share(): number {
    let [done, all] = [0, 0]
    for (const { topic, partition, from, to } of this.#ranges) {
      done += (this.#reached.get(`${topic}/${partition}`) ?? from) - from
      all += to - from
    }
    return Math.round((1_000 * done) / Math.max(1, all)) / 1_000
  }
}
