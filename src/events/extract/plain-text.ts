import { SCAN } from './scan.ts'

const { DOUBT, SPACE, QUOTE, BACKSLASH } = SCAN

/** The highest bit of each byte of a word: where an answer about the byte is found. */
const FLAGS = 0x80808080 | 0
const ONES = 0x01010101
const SPACES = 0x20202020
const QUOTES = 0x22222222
const BACKSLASHES = 0x5c5c5c5c

/**
 * Position of the first byte at or after `at` that is not plain text: a quote, a backslash, a control
 * character (the zero behind the record is one) or a byte beyond ASCII.
 *
 * Four bytes at once. Subtracting borrows from the next higher byte, so flags above the lowest may lie; the
 * lowest, which is the first in the record, does not.
 */
export function plainTextEnd(view: DataView, at: number): number {
  let position = at
  for (;;) {
    const word = view.getInt32(position, true)
    const quotes = word ^ QUOTES
    const backslashes = word ^ BACKSLASHES
    const flags =
      (((word - SPACES) & ~word) |
        ((quotes - ONES) & ~quotes) |
        ((backslashes - ONES) & ~backslashes) |
        word) &
      FLAGS
    if (flags !== 0) return position + ((31 - Math.clz32(flags & -flags)) >>> 3)
    position += 4
  }
}

/**
 * Position of the quote that ends a text with escapes or bytes beyond ASCII, DOUBT where a control character
 * comes before it. Whether it *is* text must still be asked of a decoder.
 */
export function codedTextEnd(bytes: Uint8Array, at: number): number {
  let position = at
  for (;;) {
    const byte = bytes[position]!
    if (byte === QUOTE) return position
    if (byte < SPACE) return DOUBT
    if (byte === BACKSLASH && bytes[++position]! < SPACE) return DOUBT
    position++
  }
}
