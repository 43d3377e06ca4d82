/** Events of one source in the order in which they lie there, many at a time. */
export interface HistoryBatch<Event> {
  readonly length: number
  readonly partition: number
  /**
   * One object, written anew by each call; null for a row that holds none.
   * @throws EVENT_UNDECODABLE, EVENT_INVALID, EVENT_TOO_LARGE
   */
  event(index: number): Event | null
  /** Of a record its offset, of a row its number less one. */
  offset(index: number): number
  /** When the record was written, epoch ms; null for a row, which was there when it happened. */
  timestamp(index: number): number | null
  /** For messages: `flights.csv, row 12`. */
  place(index: number): string
}

/** One file, or one partition: what happened, in the order in which it became known. */
export interface HistorySource<Event> {
  readonly topic: string
  batches(): AsyncIterable<HistoryBatch<Event>>
}

/** Records that no step could count, as they would be dead letters: how many of each code, and the first. */
export interface Refused {
  readonly code: string
  readonly count: number
  readonly firstAt: string
  readonly firstMessage: string
}

/** Adds up what is refused; the first of each code says what was wrong, and where. */
export class Refusals {
  readonly #byCode = new Map<string, { count: number; firstAt: string; firstMessage: string }>()
  count = 0

  add(code: string, message: string, place: string): void {
    this.count++
    const known = this.#byCode.get(code)
    if (known === undefined) this.#byCode.set(code, { count: 1, firstAt: place, firstMessage: message })
    else known.count++
  }

  list(): Refused[] {
    return [...this.#byCode]
      .map(([code, refused]) => ({ code, ...refused }))
      .sort((a, b) => (a.code < b.code ? -1 : 1))
  }
}
