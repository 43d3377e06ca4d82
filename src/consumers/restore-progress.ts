import type { Logger } from 'pino'
import type { LogRecord, OffsetRange, TopicPartition } from '../log/port.ts'

const TELL_MS = 5_000

/** Tells how a detector's state is rebuilt: now and then while it lasts, and at the end. */
export class RestoreProgress {
  readonly #logger: Logger
  readonly #ranges: readonly OffsetRange[]
  readonly #fromSnapshot: boolean
  readonly #reached = new Map<string, number>()
  readonly #startedAt = performance.now()
  #toldAt = this.#startedAt
  #records = 0

  constructor(logger: Logger, ranges: readonly OffsetRange[], fromSnapshot: boolean) {
    this.#logger = logger
    this.#ranges = ranges
    this.#fromSnapshot = fromSnapshot
  }

  note({ offset }: LogRecord, { topic, partition }: TopicPartition): void {
    this.#records++
    this.#reached.set(`${topic}/${partition}`, offset + 1)
    const now = performance.now()
    if (now - this.#toldAt < TELL_MS) return
    this.#toldAt = now
    this.#logger.info({ ...this.#told(), share: this.#share() }, 'rebuilding the detector state')
  }

  end(): void {
    if (this.#records === 0 && !this.#fromSnapshot) return
    this.#logger.info({ ...this.#told(), fromSnapshot: this.#fromSnapshot }, 'detector state rebuilt')
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
