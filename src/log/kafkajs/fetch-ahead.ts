import type { Position } from '../port.ts'
import type { Fetched } from './fetch-from-broker.ts'

/** A fetch under way that nobody has asked for yet. */
interface Ahead {
  readonly asks: string
  readonly answer: Promise<Fetched[]>
}

/**
 * Keeps one fetch ahead of whoever works off the answers, so that broker and network work meanwhile. The
 * client itself asks again only when everything is worked off.
 *
 * What was fetched ahead is handed out when exactly the positions behind the last answer are asked for, and
 * dropped otherwise: after a seek, a new generation, a paused partition.
 */
export class FetchAhead {
  readonly #fetch: (positions: readonly Position[]) => Promise<Fetched[]>
  #ahead: Ahead | null = null

  constructor(fetch: (positions: readonly Position[]) => Promise<Fetched[]>) {
    this.#fetch = fetch
  }

  /** Rejects as the fetch does; then nothing is ahead. */
  async fetch(positions: readonly Position[]): Promise<Fetched[]> {
    const ahead = this.#ahead
    this.#ahead = null
    const answer = ahead?.asks === textOf(positions) ? ahead.answer : this.#fetch(positions)
    const fetched = await answer
    // At the end the broker waits for the next record, and whoever asks for something else waits with it.
    if (!fetched.some(({ batch, stableEnd }) => batch.nextOffset < stableEnd)) return fetched
    const next = positions.map((position) => behind(position, fetched))
    const following = this.#fetch(next)
    // Told to whoever asks for it; if nobody does, nobody misses it.
    following.catch(() => {})
    this.#ahead = { asks: textOf(next), answer: following }
    return fetched
  }
}

function behind(position: Position, fetched: readonly Fetched[]): Position {
  const { topic, partition } = position
  const found = fetched.find(({ batch }) => batch.topic === topic && batch.partition === partition)
  return found === undefined ? position : { topic, partition, offset: found.batch.nextOffset }
}

function textOf(positions: readonly Position[]): string {
  return positions
    .map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`)
    .sort()
    .join()
}
