import { grown } from './grown.ts'

/** What stands at a slot. In one object, as `SCAN` is and for its reason. */
export const KIND = {
  NOTHING: 0,
  NUMBER: 1,
  /** A text without escapes, all ASCII. */
  TEXT: 2,
  TRUE: 3,
  FALSE: 4,
  NULL: 5,
  /** A text that needs a decoder; one has accepted it. */
  CODED_TEXT: 6,
  /** An object that is a value. Its bytes are sound JSON. */
  OBJECT: 7,
} as const

/** The lower bits of a mark. */
export const MARK = {
  /** The kind of the value. */
  KIND: 0b0111,
  /** Set where the number had many digits: the next one at this slot will have them too. */
  LONG: 0b1000,
} as const
const BITS = 4
const SERIAL_MAX = 2 ** (31 - BITS) - 1

/** Columns with a value for each slot of a key table: what the record that is being read has there. */
export class Cells {
  /**
   * The serial number of the record that wrote a slot last, and below it what it wrote. Nothing has to be
   * cleared between records: a mark from `base` on is of this one.
   */
  marks = new Int32Array(64)
  base = 0
  /** NaN where the value is another: JSON has no way to say it. */
  numbers = new Float64Array(64)
  /** Where a text or an object begins and ends, quotes excluded, braces included. */
  starts = new Int32Array(64)
  ends = new Int32Array(64)
  #serial = 0

  /** A new record, with room for so many slots. */
  begin(size: number): void {
    if (this.marks.length < size) {
      this.marks = grown(this.marks, size)
      this.numbers = grown(this.numbers, size)
      this.starts = grown(this.starts, size)
      this.ends = grown(this.ends, size)
    }
    if (this.#serial === SERIAL_MAX) {
      this.marks.fill(0)
      this.#serial = 0
    }
    this.#serial++
    this.base = this.#serial << BITS
  }

  /** What the record has at a slot. */
  kind(slot: number): number {
    const mark = this.marks[slot]!
    return mark >= this.base ? mark & MARK.KIND : KIND.NOTHING
  }
}
