import { POWERS_OF_TEN } from './exact-decimal.ts'
import { readLongNumber } from './read-long-number.ts'
import { SCAN } from './scan.ts'

const { DOUBT, MINUS, ZERO, POINT, LOWER_E, LOWER_CASE } = SCAN
const POINT_AS_DIGIT = POINT - ZERO
const POWERS = POWERS_OF_TEN

/** So many digits make a whole number that 32 bits hold. */
const DIGITS_MAX = 9

/**
 * Reads the JSON number at `at` into `numbers[slot]`, to the last bit as `JSON.parse` would, and returns its
 * end; DOUBT where there is none.
 *
 * Here up to nine digits and no exponent. Three things make it fast: it is small enough to be compiled into
 * the loop that calls it; the sign of real values is a coin toss, and a branch on it would be guessed wrong
 * as often, so it is arithmetic; and nothing bounds the loops, for how many digits there were shows after.
 */
export function readNumber(
  bytes: Buffer,
  view: DataView,
  at: number,
  numbers: Float64Array,
  slot: number,
): number {
  const negative = ((bytes[at]! ^ MINUS) - 1) >>> 31
  const start = at + negative
  let position = start
  let digits = 0
  let digit = bytes[position]! - ZERO
  while (digit >>> 0 <= 9) {
    digits = (Math.imul(digits, 10) + digit) | 0
    digit = bytes[++position]! - ZERO
  }
  const whole = position - start
  if (whole === 0 || (whole > 1 && bytes[start] === ZERO)) return DOUBT

  let fraction = 0
  if (digit === POINT_AS_DIGIT) {
    const fractionStart = ++position
    digit = bytes[position]! - ZERO
    while (digit >>> 0 <= 9) {
      digits = (Math.imul(digits, 10) + digit) | 0
      digit = bytes[++position]! - ZERO
    }
    fraction = position - fractionStart
    if (fraction === 0) return DOUBT
  }
  if (whole + fraction > DIGITS_MAX || ((digit + ZERO) | LOWER_CASE) === LOWER_E) {
    return readLongNumber(bytes, view, at, numbers, slot)
  }
  // -0 keeps its sign: 0 * -1.
  numbers[slot] = (digits / POWERS[fraction]!) * (1 - (negative << 1))
  return position
}
