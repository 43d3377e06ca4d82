import { setTimeout as sleep } from 'node:timers/promises'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { GrowingPause } from '../log/growing-pause.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { Edge } from './edge.ts'
import type { TaskProcess } from './task.ts'

const FIRST_PAUSE_MS = 200
const PAUSE_MAX_MS = 5_000

/**
 * The time during which the log does not answer: a state of a process, told in its log, and not its end.
 *
 * Nothing is held meanwhile. Tasks and membership are given up with the first failure, since the group gives
 * them to others sooner or later, and whoever comes back reads from what is committed.
 */
export class Outage {
  readonly #edge: Edge
  readonly #process: string
  readonly #topics: readonly string[]
  #since: number | null = null
  readonly #pauses = new GrowingPause(FIRST_PAUSE_MS, PAUSE_MAX_MS)

  constructor(edge: Edge, { name, topics }: Pick<TaskProcess, 'name' | 'topics'>) {
    this.#edge = edge
    this.#process = name
    this.#topics = topics
  }

  /**
   * Returns when the log answers again, or when the process is told to stop.
   * @throws the error itself where it is no `LOG_UNAVAILABLE`, where the process is being stopped, and when
   * the log has been away for longer than `outageMaxMs`
   */
  async wait(error: unknown): Promise<void> {
    const { log, logger, signal, alive } = this.#edge
    let last = this.#judge(error)
    this.#edge.metrics.add(METRICS.outages, { process: this.#process })
    logger.warn(
      { code: last.code, outageMaxMs: this.#edge.outageMaxMs },
      `log away, waiting: ${last.message}`,
    )
    while (!signal.aborted) {
      await this.#pause()
      // Waiting is what this process is here for just now: no reason to end it.
      alive()
      if (signal.aborted) return
      try {
        await log.partitionCounts(this.#topics)
        logger.info({ awayMs: this.#awayMs() }, 'log answers again')
        return
      } catch (still) {
        last = this.#judge(still)
        logger.warn({ code: last.code, awayMs: this.#awayMs() }, `log still away: ${last.message}`)
      }
    }
  }

  /** Work goes on: the next failure begins another outage. */
  over(): void {
    this.#since = null
    this.#pauses.reset()
  }

  #judge(error: unknown): DriftstreamError {
    if (!(error instanceof DriftstreamError) || error.code !== 'LOG_UNAVAILABLE') throw error
    this.#since ??= performance.now()
    if (this.#edge.signal.aborted || this.#awayMs() > this.#edge.outageMaxMs) throw error
    return error
  }

  #awayMs(): number {
    return Math.round(performance.now() - (this.#since ?? performance.now()))
  }

  async #pause(): Promise<void> {
    // Told to stop: whoever waits looks at the signal.
    await sleep(this.#pauses.next(), undefined, { signal: this.#edge.signal }).catch(() => {})
  }
}
