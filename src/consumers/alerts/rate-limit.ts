/** At most so many in any stretch of time; times are those of one clock, in ms. */
export class RateLimit {
  readonly #atMost: number
  readonly #perMs: number
  #taken: number[] = []

  constructor(atMost: number, perMs: number) {
    this.#atMost = atMost
    this.#perMs = perMs
  }

  /** Takes one at time `now` where one is left. */
  take(now: number): boolean {
    this.#taken = this.#taken.filter((at) => at > now - this.#perMs)
    if (this.#taken.length >= this.#atMost) return false
    this.#taken.push(now)
    return true
  }
}
