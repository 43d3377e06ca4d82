import type { OffsetRange } from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { SetMetric } from '../metrics/metrics.ts'
import type { Edge } from './edge.ts'
import type { TaskProcess } from './task.ts'

const LOOK_MS = 10_000

/**
 * Where the topics of a process end: asked now and then beside the loop, which never waits for it. What a
 * batch says of the end is not enough, since none comes while reading stands still.
 */
export class LagWatch {
  readonly #process: TaskProcess
  readonly #edge: Edge
  readonly #ends = new Map<string, number>()
  #askedAt = Number.NEGATIVE_INFINITY
  #isAsking = false

  constructor(process: TaskProcess, edge: Edge) {
    this.#process = process
    this.#edge = edge
  }

  /** Asks where it is time to, and returns at once. */
  look(): void {
    const now = performance.now()
    if (!this.#edge.metrics.isServed || this.#isAsking || now - this.#askedAt < LOOK_MS) return
    this.#isAsking = true
    this.#askedAt = now
    this.#ask().then(
      () => {
        this.#isAsking = false
      },
      // A log that is away is the loop's affair; ends that are not known are not told.
      () => {
        this.#isAsking = false
        this.#ends.clear()
      },
    )
  }

  /** The lag of what has been read up to the ends of `ranges`. */
  tell(set: SetMetric, ranges: Iterable<OffsetRange>): void {
    for (const { topic, partition, to } of ranges) {
      const end = this.#ends.get(`${topic}\n${partition}`)
      if (end === undefined) continue
      const labels = { process: this.#process.name, topic, partition: String(partition) }
      set(METRICS.lag, labels, Math.max(0, end - to))
    }
  }

  async #ask(): Promise<void> {
    for (const topic of this.#process.topics) {
      for (const { partition, high } of await this.#edge.log.offsets(topic)) {
        this.#ends.set(`${topic}\n${partition}`, high)
      }
    }
  }
}
