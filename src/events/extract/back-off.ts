/** So many doubts one after the other are no longer an exception. */
const DOUBTS_MAX = 8
/** At worst one record in so many is still tried. */
const PAUSE_MAX = 63

/** Whether reading a record without parsing it is worth a try. */
export interface Attempts {
  /** Asked once a record. */
  next(): boolean
  /** Told of every try whether the record could be read. */
  settle(read: boolean): void
  /** Has reading been given up, but for a try now and then? */
  readonly hopeless: boolean
}

/**
 * A stream that is never read costs hardly more than parsing: after a few doubts in a row, ever longer runs
 * of records are not tried. One that is read ends the pause.
 */
export class BackOff implements Attempts {
  #doubts = 0
  #pause = 0
  #skip = 0

  next(): boolean {
    if (this.#skip === 0) return true
    this.#skip--
    return false
  }

  settle(read: boolean): void {
    if (read) {
      this.#doubts = 0
      this.#pause = 0
    } else if (++this.#doubts >= DOUBTS_MAX) {
      this.#pause = Math.min(PAUSE_MAX, 2 * this.#pause + 1)
      this.#skip = this.#pause
    }
  }

  get hopeless(): boolean {
    return this.#pause === PAUSE_MAX
  }
}
