import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { IdUnits } from './id-units.ts'
import { relaid } from './relaid.ts'

/** No row: what an id has that is not there. */
export const NO_ROW = -1

/** What is kept beside each id, in columns that go by row. */
export interface IdColumns {
  /**
   * The rows of some runs move to the front, one run behind the other; then there is room for `capacity` rows.
   * `runs` has two numbers a run: its first row and how many rows it has.
   */
  relay(runs: Int32Array, capacity: number): void
}

const ROWS_MIN = 16
const BYTES_MIN = 256
/** A ring's positions are 32 bits; half of it is room to grow into. */
const BYTES_MAX = 2 ** 31
/** Set in a length where the id takes two bytes a UTF-16 unit. */
const WIDE = 0x8000

/**
 * Ids in the order in which they came, each with a row until it is deleted. Not one object an id: a million
 * of them are a few arrays, which a garbage collector neither walks nor moves.
 *
 * Rows are a ring, nearly always left at the end where the oldest are; the ids' units are a ring of bytes in
 * the same order. A table with open addressing finds rows by hash, and ids are compared whole, so equal
 * hashes cost time and nothing else. Full rings are laid anew without what was deleted, with room for as much
 * again: memory follows what is there. About 22 bytes an id and its text, at most four times that.
 */
export class WaitingIds {
  /** Ids there are. */
  size = 0
  readonly #columns: IdColumns
  #capacity = 0
  #first = 0
  /** Rows from the first on, deleted ones among them. */
  #rows = 0
  #hashes = new Int32Array(0)
  /** In bytes; 0 for a deleted row. */
  #lengths = new Uint16Array(0)
  /** Where in the stream of all bytes an id begins, modulo 2^32. */
  #starts = new Uint32Array(0)
  #bytes = new Uint8Array(0)
  /** The stretch of that stream that is kept. */
  #oldest = 0
  #next = 0
  /** Hash and row of each place; a free one has NO_ROW. */
  #table = new Int32Array(0)
  #tableMask = 0

  constructor(columns: IdColumns) {
    this.#columns = columns
  }

  /** The oldest id's row; NO_ROW where there is none. */
  get first(): number {
    return this.size === 0 ? NO_ROW : this.#first
  }

  /** The row of the id that is so many behind the oldest; rows deleted from the middle count, too. */
  rowAt(behind: number): number {
    return (this.#first + behind) & (this.#capacity - 1)
  }

  /** How many rows behind the oldest id's a row is. */
  behind(row: number): number {
    return (row - this.#first) & (this.#capacity - 1)
  }

  /** The rows of the oldest ids, at most so many, in the order in which they came. */
  oldest(most: number): number[] {
    const rows: number[] = []
    for (let behind = 0; behind < this.#rows && rows.length < most; behind++) {
      const row = this.rowAt(behind)
      if (this.#lengths[row] !== 0) rows.push(row)
    }
    return rows
  }

  hashAt(row: number): number {
    return this.#hashes[row]!
  }

  /** A copy of the id's units. */
  idAt(row: number): { bytes: Uint8Array; isWide: boolean } {
    const length = this.#lengths[row]!
    const bytes = new Uint8Array(length & ~WIDE)
    this.#copyBytes(this.#starts[row]!, bytes, 0, bytes.length)
    return { bytes, isWide: (length & WIDE) !== 0 }
  }

  /** The row of an id; NO_ROW where it is not there. */
  find(id: IdUnits): number {
    if (this.size === 0) return NO_ROW
    const table = this.#table
    const { hash } = id
    for (let place = hash & this.#tableMask; ; place = (place + 1) & this.#tableMask) {
      const row = table[2 * place + 1]!
      if (row === NO_ROW || (table[2 * place] === hash && this.#holds(row, id))) return row
    }
  }

  /**
   * Gives an id that is not there a row, behind all others. It has 1 to 512 UTF-16 units.
   * @throws STATE_IMPOSSIBLE where all ids together take more than a gibibyte
   */
  add(id: IdUnits): number {
    const { hash, length, isWide } = id
    if (this.#rows === this.#capacity || this.#bytesUsed() + length > this.#bytes.length) this.#relay(length)
    const row = (this.#first + this.#rows++) & (this.#capacity - 1)
    this.#hashes[row] = hash
    this.#lengths[row] = isWide ? length | WIDE : length
    this.#starts[row] = this.#next
    this.#write(id)
    this.#enter(row, hash)
    this.size++
    return row
  }

  delete(row: number): void {
    this.#leave(row)
    this.#lengths[row] = 0
    this.size--
    while (this.#rows > 0 && this.#lengths[this.#first] === 0) {
      this.#first = (this.#first + 1) & (this.#capacity - 1)
      this.#rows--
    }
    this.#oldest = this.#rows === 0 ? this.#next : this.#starts[this.#first]!
  }

  /** Gives room back that was needed once. */
  trim(): void {
    if (this.#capacity > ROWS_MIN && this.size < this.#capacity / 8) this.#relay(0)
  }

  #bytesUsed(): number {
    return (this.#next - this.#oldest) >>> 0
  }

  #holds(row: number, { bytes: units, start, length, isWide }: IdUnits): boolean {
    if (this.#lengths[row] !== (isWide ? length | WIDE : length)) return false
    const bytes = this.#bytes
    const mask = bytes.length - 1
    const at = this.#starts[row]!
    for (let index = 0; index < length; index++) {
      if (bytes[(at + index) & mask] !== units[start + index]) return false
    }
    return true
  }

  #write({ bytes: units, start, length }: IdUnits): void {
    const bytes = this.#bytes
    const mask = bytes.length - 1
    const at = this.#next
    for (let index = 0; index < length; index++) bytes[(at + index) & mask] = units[start + index]!
    this.#next = (at + length) >>> 0
  }

  #enter(row: number, hash: number): void {
    const table = this.#table
    let place = hash & this.#tableMask
    while (table[2 * place + 1] !== NO_ROW) place = (place + 1) & this.#tableMask
    table[2 * place] = hash
    table[2 * place + 1] = row
  }

  /** Frees the row's place and moves up what was put behind it: a search ends at the first free place. */
  #leave(row: number): void {
    const table = this.#table
    const mask = this.#tableMask
    let free = this.#hashes[row]! & mask
    while (table[2 * free + 1] !== row) free = (free + 1) & mask
    for (let place = (free + 1) & mask; table[2 * place + 1] !== NO_ROW; place = (place + 1) & mask) {
      const wanted = table[2 * place]! & mask
      if (((place - wanted) & mask) < ((place - free) & mask)) continue
      table[2 * free] = table[2 * place]!
      table[2 * free + 1] = table[2 * place + 1]!
      free = place
    }
    table[2 * free + 1] = NO_ROW
  }

  /** Lays all rings anew, with room for twice of what is there and `bytesMore`. */
  #relay(bytesMore: number): void {
    const runs = this.size === this.#rows ? this.#wholeRing() : this.#runsBetweenHoles()
    const capacity = powerOfTwo(Math.max(ROWS_MIN, 2 * this.size))
    const hasHoles = this.size < this.#rows
    const [table, first, mask] = [this.#table, this.#first, this.#capacity - 1]
    this.#relayBytes(runs, capacity, bytesMore)
    this.#hashes = relaid(this.#hashes, runs, new Int32Array(capacity))
    this.#lengths = relaid(this.#lengths, runs, new Uint16Array(capacity))
    this.#columns.relay(runs, capacity)
    this.#capacity = capacity
    this.#first = 0
    this.#rows = this.size
    this.#table = new Int32Array(4 * capacity).fill(NO_ROW)
    this.#tableMask = 2 * capacity - 1
    if (hasHoles) {
      for (let row = 0; row < this.size; row++) this.#enter(row, this.#hashes[row]!)
      return
    }
    // Taken in the order of their old places, the new ones are a few walks from front to back. In the order
    // of the rows they would be all over the table, each fetched from memory.
    for (let place = 0; place < table.length; place += 2) {
      const row = table[place + 1]!
      if (row !== NO_ROW) this.#enter((row - first) & mask, table[place]!)
    }
  }

  #wholeRing(): Int32Array {
    const untilEnd = Math.min(this.#rows, this.#capacity - this.#first)
    return Int32Array.of(this.#first, untilEnd, 0, this.#rows - untilEnd)
  }

  #runsBetweenHoles(): Int32Array {
    const runs: number[] = []
    let isOpen = false
    for (let index = 0; index < this.#rows; index++) {
      const row = (this.#first + index) & (this.#capacity - 1)
      const isHole = this.#lengths[row] === 0
      if (!isHole && isOpen && row !== 0) runs[runs.length - 1]!++
      else if (!isHole) runs.push(row, 1)
      isOpen = !isHole
    }
    return Int32Array.from(runs)
  }

  #relayBytes(runs: Int32Array, capacity: number, bytesMore: number): void {
    let bytesKept = 0
    for (let run = 0; run < runs.length; run += 2) {
      const end = runs[run]! + runs[run + 1]!
      for (let row = runs[run]!; row < end; row++) bytesKept += this.#lengths[row]! & ~WIDE
    }
    const size = powerOfTwo(Math.max(BYTES_MIN, 2 * (bytesKept + bytesMore)))
    if (size > BYTES_MAX) {
      throw new DriftstreamError(
        'STATE_IMPOSSIBLE',
        `expected at most ${BYTES_MAX / 2} bytes of ids to wait, got ${this.size} ids with more; stream.waitingMax bounds them`,
      )
    }
    const bytes = new Uint8Array(size)
    const starts = new Uint32Array(capacity)
    let [row, at] = [0, 0]
    for (let run = 0; run < runs.length; run += 2) {
      const [from, count] = [runs[run]!, runs[run + 1]!]
      if (count === 0) continue
      // Within a run the ids' bytes lie one behind the other.
      const moved = at - this.#starts[from]!
      for (let index = from; index < from + count; index++) {
        starts[row++] = this.#starts[index]! + moved
        at += this.#lengths[index]! & ~WIDE
      }
      this.#copyBytes(this.#starts[from]!, bytes, starts[row - count]!, at - starts[row - count]!)
    }
    this.#bytes = bytes
    this.#starts = starts
    this.#oldest = 0
    this.#next = at
  }

  /** So many bytes from a place in the stream of all bytes. */
  #copyBytes(from: number, into: Uint8Array, at: number, count: number): void {
    const start = from & (this.#bytes.length - 1)
    const untilEnd = Math.min(count, this.#bytes.length - start)
    into.set(this.#bytes.subarray(start, start + untilEnd), at)
    into.set(this.#bytes.subarray(0, count - untilEnd), at + untilEnd)
  }
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast))
}
