import type { TimeRange } from '../events/fields.ts'

/** How many events of a history were counted, and the time that they cover; what was refused is none. */
export class CountedEvents {
  features = 0
  labels = 0
  #fromMs = Number.POSITIVE_INFINITY
  #toMs = Number.NEGATIVE_INFINITY

  /** A feature event of event time `at`, epoch ms. */
  feature(at: number): void {
    this.features++
    if (at < this.#fromMs) this.#fromMs = at
    if (at > this.#toMs) this.#toMs = at
  }

  label(): void {
    this.labels++
  }

  /** Event time of the first and the last feature event; null where there was none. */
  get covered(): TimeRange | null {
    return this.features === 0 ? null : { fromMs: this.#fromMs, toMs: this.#toMs }
  }
}
