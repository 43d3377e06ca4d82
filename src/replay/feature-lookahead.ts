import type { FeatureEvent } from '../events/feature-event.ts'
import type { HistoryCursor } from './history-cursor.ts'
import { earliest } from './replay-history.ts'
import type { ServedVersions } from './served-versions.ts'

/** Asking for predictions costs a process, and a promotion makes those that were not yet needed useless. */
const AHEAD_MIN = 5_000
const AHEAD_MAX = 80_000

/** A feature event with where it came from. */
export interface AheadEvent {
  readonly event: FeatureEvent
  readonly time: number
  readonly timestamp: number | null
  readonly place: string
}

/** Feature events of all sources in the order of their times, many of them before their turn. */
export class FeatureLookahead {
  readonly #cursors: readonly HistoryCursor<FeatureEvent>[]
  readonly #serving: ServedVersions
  #events: AheadEvent[] = []
  #next = 0
  #size = AHEAD_MIN
  #ended = false

  constructor(cursors: readonly HistoryCursor<FeatureEvent>[], serving: ServedVersions) {
    this.#cursors = cursors
    this.#serving = serving
  }

  /** Nothing is at hand, and there may be more. */
  get isEmpty(): boolean {
    return this.#next === this.#events.length && !this.#ended
  }

  /** The next event; null at the end, and while `isEmpty`. */
  get first(): AheadEvent | null {
    return this.#events[this.#next] ?? null
  }

  shift(): void {
    this.#next++
  }

  async fill(): Promise<void> {
    this.#events = []
    this.#next = 0
    while (this.#events.length < this.#size) {
      for (const cursor of this.#cursors) if (cursor.starved) await cursor.fill()
      const cursor = earliest(this.#cursors)
      if (cursor === null) {
        this.#ended = true
        break
      }
      const { event, time, timestamp } = cursor
      this.#events.push({ event: event!, time, timestamp, place: cursor.place() })
      cursor.advance()
    }
    this.#size = Math.min(AHEAD_MAX, 2 * this.#size)
  }

  /** Asks for the predictions of all that is at hand. */
  async predict(): Promise<void> {
    await this.#serving.ask(this.#events.slice(this.#next).map(({ event }) => event))
  }
}
