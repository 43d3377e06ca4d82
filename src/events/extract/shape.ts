import { grown } from './grown.ts'
import { NO_SLOT } from './key-table.ts'

/** What is where in a row. A row is a cache line. In one object, as `SCAN` is and for its reason. */
export const ROW = {
  WORDS: 16,
  /** The slot of the key that came next. */
  NEXT: 0,
  /** Where the last four bytes of the spelling begin. */
  LAST: 1,
  SPELLING: 2,
} as const

/** A longer spelling is looked up each time, */
const BYTES_MAX = 4 * (ROW.WORDS - ROW.SPELLING)
/** and so is `"":`, which is no whole word. */
const BYTES_MIN = 4

/**
 * The shape of the events seen last: for each slot of a key table the key that came after it, and for each
 * key how it was spelled, every byte from the comma or brace before it to the value behind it: white space,
 * quotes, name, colon. Reading an event of the same shape is comparing these bytes, not searching.
 */
export class Shape {
  /**
   * One row a slot. A spelling is whole words; the last one overlaps the one before it, so that no length
   * needs a mask.
   */
  rows = new Int32Array(ROW.WORDS)

  /** Room for so many slots. */
  grow(size: number): void {
    this.rows = grown(this.rows, size * ROW.WORDS)
  }

  forget(): void {
    this.rows.fill(NO_SLOT)
  }

  /** After `previous` came `slot`, spelled as the bytes from `start` to `end`. */
  learn(previous: number, slot: number, view: DataView, start: number, end: number): void {
    const { rows } = this
    const bytes = end - start
    const fits = bytes >= BYTES_MIN && bytes <= BYTES_MAX
    rows[previous * ROW.WORDS + ROW.NEXT] = fits ? slot : NO_SLOT
    if (!fits) return
    const row = slot * ROW.WORDS
    rows[row + ROW.LAST] = bytes - 4
    let word = row + ROW.SPELLING
    for (let at = start; at < end - 4; at += 4) rows[word++] = view.getInt32(at, true)
    rows[word] = view.getInt32(end - 4, true)
  }
}
