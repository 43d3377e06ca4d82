import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { TimeRange } from '../events/fields.ts'
import type { HistoryBatch, HistorySource, Refusals } from './history.ts'

/**
 * Walks over one source, one event at a time. Within a batch nothing is awaited: a promise an event would
 * cost more than the event. What cannot be read is refused, and what lies outside the range is passed over.
 */
export class HistoryCursor<Event extends { readonly at: number }> {
  readonly topic: string
  /** The event it stands at, written anew by `advance`; null where there is none. */
  event: Event | null = null
  /** When the event became known: the record's time, or its own. Infinity at the end. */
  time = Number.NEGATIVE_INFINITY
  timestamp: number | null = null
  partition = 0
  offset = 0
  /** The batch is read: `fill` before anything else. */
  starved = true
  ended = false
  /** Rows or records read so far, whatever came of them. */
  read = 0
  readonly #batches: AsyncIterator<HistoryBatch<Event>>
  readonly #range: TimeRange
  readonly #refusals: Refusals
  #batch: HistoryBatch<Event> | null = null
  #index = 0

  constructor(source: HistorySource<Event>, range: TimeRange, refusals: Refusals) {
    this.topic = source.topic
    this.#batches = source.batches()[Symbol.asyncIterator]()
    this.#range = range
    this.#refusals = refusals
  }

  /** To the next event, however many batches that takes; at the end there is none. */
  async fill(): Promise<void> {
    while (this.starved && !this.ended) {
      const next = await this.#batches.next()
      if (next.done === true) {
        this.ended = true
        this.starved = false
        this.event = null
        this.time = Number.POSITIVE_INFINITY
        return
      }
      this.#batch = next.value
      this.#index = 0
      this.partition = next.value.partition
      this.starved = false
      this.advance()
    }
  }

  /** To the next event of the batch; `starved` where it has no more. */
  advance(): void {
    const batch = this.#batch
    while (batch !== null && this.#index < batch.length) {
      const index = this.#index++
      this.read++
      let event: Event | null
      try {
        event = batch.event(index)
      } catch (error) {
        if (!(error instanceof DriftstreamError) || error.fate !== 'dead-letter') throw error
        this.#refusals.add(error.code, error.message, batch.place(index))
        continue
      }
      if (event === null) continue
      const timestamp = batch.timestamp(index)
      const time = timestamp ?? event.at
      if (time < this.#range.fromMs || time >= this.#range.toMs) continue
      this.event = event
      this.time = time
      this.timestamp = timestamp
      this.offset = batch.offset(index)
      return
    }
    this.starved = true
    this.event = null
  }

  /** For messages: where the event stands. */
  place(): string {
    return this.#batch?.place(this.#index - 1) ?? this.topic
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }
}
