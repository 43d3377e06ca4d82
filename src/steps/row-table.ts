import { NO_ROW } from './waiting-ids.ts'

/** Tells whether a row whose hash is the one asked for is the row that is looked for. */
export interface RowMatcher {
  matches(row: number): boolean
}

/** A hash's top eight bits choose its part, the others its place in there. */
const PARTS = 256
const PLACE_BITS = 24
const PLACES_MIN = 16
/** Of a part's places: fuller than this it grows by a quarter. */
const FULL = 0.8
const GROWTH = 1.25

/**
 * Rows by hash, eight bytes a place and about eleven a row. It grows part by part, by a quarter each: a table
 * that doubled would stand half empty, and all of it twice while it grows.
 *
 * Rows of equal hashes lie side by side, so who asks compares what the hash was made of.
 */
export class RowTable {
  /** Hash and row of each place; a free one has NO_ROW. */
  readonly #parts: Int32Array[] = Array.from({ length: PARTS }, () => emptyPart(PLACES_MIN))
  readonly #counts = new Int32Array(PARTS)

  /** The row of this hash that the matcher takes; NO_ROW where there is none. */
  find(hash: number, matcher: RowMatcher): number {
    const part = this.#parts[hash >>> PLACE_BITS]!
    const places = part.length / 2
    for (let place = homeOf(hash, places); ; place = place + 1 === places ? 0 : place + 1) {
      const row = part[2 * place + 1]!
      if (row === NO_ROW || (part[2 * place] === hash && matcher.matches(row))) return row
    }
  }

  /** A row from 0 to 2^31 - 1 that is not there. */
  add(hash: number, row: number): void {
    const at = hash >>> PLACE_BITS
    const places = this.#parts[at]!.length / 2
    if (++this.#counts[at]! > FULL * places) this.#relay(at, Math.ceil(GROWTH * places))
    enter(this.#parts[at]!, hash, row)
  }

  /** Takes out a row that is there. */
  delete(hash: number, row: number): void {
    const at = hash >>> PLACE_BITS
    const part = this.#parts[at]!
    const places = part.length / 2
    let free = homeOf(hash, places)
    while (part[2 * free + 1] !== row) free = free + 1 === places ? 0 : free + 1
    // What was put behind it moves up: a search ends at the first free place.
    for (let place = (free + 1) % places; part[2 * place + 1] !== NO_ROW; place = (place + 1) % places) {
      const home = homeOf(part[2 * place]!, places)
      if ((place - home + places) % places < (place - free + places) % places) continue
      part[2 * free] = part[2 * place]!
      part[2 * free + 1] = part[2 * place + 1]!
      free = place
    }
    part[2 * free + 1] = NO_ROW
    const count = --this.#counts[at]!
    if (places > PLACES_MIN && count < places / 4) {
      this.#relay(at, Math.max(PLACES_MIN, Math.ceil((GROWTH * count) / FULL)))
    }
  }

  #relay(at: number, places: number): void {
    const old = this.#parts[at]!
    const part = emptyPart(places)
    for (let place = 0; place < old.length; place += 2) {
      if (old[place + 1] !== NO_ROW) enter(part, old[place]!, old[place + 1]!)
    }
    this.#parts[at] = part
  }
}

function emptyPart(places: number): Int32Array {
  return new Int32Array(2 * places).fill(NO_ROW)
}

/** In the order of the hashes, so that a part of any size is filled evenly. */
function homeOf(hash: number, places: number): number {
  return Math.floor(((hash & (2 ** PLACE_BITS - 1)) * places) / 2 ** PLACE_BITS)
}

function enter(part: Int32Array, hash: number, row: number): void {
  const places = part.length / 2
  let place = homeOf(hash, places)
  while (part[2 * place + 1] !== NO_ROW) place = place + 1 === places ? 0 : place + 1
  part[2 * place] = hash
  part[2 * place + 1] = row
}
