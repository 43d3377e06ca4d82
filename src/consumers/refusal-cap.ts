import type { DeadLetterOptions } from '../config/options.ts'

/** A share of fewer records says nothing: one bad event among three is no bad deploy. */
const RECORDS_MIN = 100

/**
 * Notices when most of what is read is refused. A producer that was deployed broken would otherwise drain a
 * whole backlog into the dead letters before anybody has seen the first; so the task rests, and tries again
 * later with one batch.
 */
export class RefusalCap {
  readonly #shareMax: number
  readonly #pauseMs: number
  #records = 0
  #refused = 0
  #pausedUntil = Number.NEGATIVE_INFINITY

  constructor({ shareMax, pauseMs }: DeadLetterOptions) {
    this.#shareMax = shareMax
    this.#pauseMs = pauseMs
  }

  /** Notes what was read at time `now`; the share refused where it is more than may be, else null. */
  note(records: number, refused: number, now: number): number | null {
    this.#records += records
    this.#refused += refused
    if (this.#records < RECORDS_MIN) return null
    const share = this.#refused / this.#records
    this.#records = 0
    this.#refused = 0
    if (share <= this.#shareMax) return null
    this.#pausedUntil = now + this.#pauseMs
    return share
  }

  isPaused(now: number): boolean {
    return now < this.#pausedUntil
  }
}
