import type { ComparisonEvent } from '../events/comparison-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import type { StreamOptions } from '../steps/options.ts'

/** Restarts and rebalances of a detector are no silence. */
const PATIENCE_MS_MIN = 10 * 60_000

/**
 * When a task was last told how candidates fare, by its clock, and up to which stream time. A task that begins
 * knows of neither: silence counts from there.
 */
export class ToldOf {
  readonly #openedAt: number
  readonly #patienceMs: number
  /** By model, epoch ms. */
  readonly #comparedAt = new Map<string, number>()
  /** The latest that any record has told, epoch ms. */
  #streamAt = Number.NEGATIVE_INFINITY

  constructor({ paneMs, graceMs, idleAfterMs }: StreamOptions, openedAt: number) {
    this.#openedAt = openedAt
    // A detector that works tells of every pane, and closes one without a partition that idles.
    this.#patienceMs = Math.max(PATIENCE_MS_MIN, 3 * paneMs + graceMs + idleAfterMs)
  }

  compared({ model, at }: ComparisonEvent, now: number): void {
    this.#streamAt = Math.max(this.#streamAt, at)
    this.#comparedAt.set(model, now)
  }

  /** The stream time in which a request is read that was written at `writtenAt`. */
  requested({ at }: RetrainRequest, writtenAt: number, now: number): number {
    this.#streamAt = Math.max(this.#streamAt, at)
    // Nothing tells the stream's time in a quiet topic; since it was asked for the clock has gone on, too.
    return Math.max(this.#streamAt, at + Math.max(0, now - writtenAt))
  }

  /** Whether a candidate has been at its stage, and nobody told of it, for so long that nobody may be looking. */
  isStalled(model: string, since: number, now: number): boolean {
    const last = Math.max(this.#openedAt, since, this.#comparedAt.get(model) ?? since)
    return now - last >= this.#patienceMs
  }
}
