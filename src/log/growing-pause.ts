/**
 * How long to wait between tries of what is away: twice as long each time, up to a bound, and each time between
 * half and one and a half of that, so that processes which lost it together come back apart.
 */
export class GrowingPause {
  readonly #firstMs: number
  readonly #maxMs: number
  #dueMs: number

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs
    this.#maxMs = maxMs
    this.#dueMs = firstMs
  }

  /** The pause before the next try, ms. */
  next(): number {
    const pauseMs = this.#dueMs * (0.5 + Math.random())
    this.#dueMs = Math.min(2 * this.#dueMs, this.#maxMs)
    return pauseMs
  }

  /** It answered: the next time begins with the first pause. */
  reset(): void {
    this.#dueMs = this.#firstMs
  }
}
