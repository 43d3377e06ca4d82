import { decimal } from './exact-decimal.ts'
import { readAnyNumber } from './read-any-number.ts'
import { SCAN } from './scan.ts'

const { MINUS, ZERO, POINT, LOWER_E, LOWER_CASE } = SCAN

/** So many digits make a whole number that a double holds, */
const EXACT_DIGITS_MAX = 15
/** and so do so many before the point with the first eight behind it. */
const WHOLE_MAX = 5
const FIRST_DIGITS = 8
/** Digits after those: they make a number of their own, of 32 bits. */
const REST_MAX = 9

/** The bytes `0000`. */
const ZEROS = 0x30303030
/** Lifts every value above nine to 0x80 and more. */
const ABOVE_NINE = 0x76767676
const FLAGS = 0x80808080 | 0

/**
 * Reads a number as `readNumber` does, fast where it has many digits: four at once in whole numbers such as
 * epoch milliseconds, and in fractions with all the digits a double has. The rest is for `readAnyNumber`.
 */
export function readLongNumber(
  bytes: Buffer,
  view: DataView,
  at: number,
  numbers: Float64Array,
  slot: number,
): number {
  const negative = ((bytes[at]! ^ MINUS) - 1) >>> 31
  const start = at + negative
  let position = start
  let whole = 0
  while ((bytes[position]! - ZERO) >>> 0 <= 9) whole = whole * 10 + bytes[position++]! - ZERO
  const count = position - start
  if (count === 0 || (count > 1 && bytes[start] === ZERO)) return readAnyNumber(bytes, at, numbers, slot)
  if (bytes[position] !== POINT) {
    if (count > EXACT_DIGITS_MAX || isExponent(bytes[position]!))
      return readAnyNumber(bytes, at, numbers, slot)
    numbers[slot] = whole * (1 - (negative << 1))
    return position
  }

  const fraction = position + 1
  const first = view.getInt32(fraction, true) ^ ZEROS
  const second = view.getInt32(fraction + 4, true) ^ ZEROS
  if (count > WHOLE_MAX || !isFourDigits(first) || !isFourDigits(second))
    return readAnyNumber(bytes, at, numbers, slot)
  const high = whole * 1e8 + fourDigits(first) * 1e4 + fourDigits(second)
  const restStart = fraction + FIRST_DIGITS
  let rest = 0
  position = restStart
  let word = view.getInt32(position, true) ^ ZEROS
  while (isFourDigits(word)) {
    rest = (Math.imul(rest, 10_000) + fourDigits(word)) | 0
    position += 4
    word = view.getInt32(position, true) ^ ZEROS
  }
  let digit = bytes[position]! - ZERO
  while (digit >>> 0 <= 9) {
    rest = (Math.imul(rest, 10) + digit) | 0
    digit = bytes[++position]! - ZERO
  }
  const restCount = position - restStart
  if (restCount > REST_MAX || isExponent(digit + ZERO)) return readAnyNumber(bytes, at, numbers, slot)
  const value = decimal(high, rest, restCount, fraction - position)
  if (Number.isNaN(value)) return readAnyNumber(bytes, at, numbers, slot)
  numbers[slot] = value * (1 - (negative << 1))
  return position
}

function isExponent(byte: number): boolean {
  return (byte | LOWER_CASE) === LOWER_E
}

/** Are the four bytes of a word, each less '0', digits? */
function isFourDigits(word: number): boolean {
  return (((word + ABOVE_NINE) | word) & FLAGS) === 0
}

/** What they write, the lowest first: two pairs at once, then the two. */
function fourDigits(word: number): number {
  const pairs = (Math.imul(word, 10) + (word >>> 8)) & 0x00ff00ff
  return Math.imul(pairs & 0xff, 100) + (pairs >>> 16)
}
