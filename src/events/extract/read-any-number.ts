import { decimal } from './exact-decimal.ts'
import { SCAN } from './scan.ts'

const { DOUBT, PLUS, MINUS, POINT, ZERO, LOWER_E, LOWER_CASE } = SCAN

/** A whole number below this takes one more digit and has at most nine. */
const NINE_DIGITS = 100_000_000
const LOW_COUNT_MAX = 9
/** An exponent of more digits is left to `Number`, whatever it says. */
const EXPONENT_DIGITS_MAX = 3

/**
 * Reads a JSON number as `readNumber` does, whatever its digits and its exponent. A value that is not
 * proven is read by `Number`, as `JSON.parse` reads it: the text is known to be a number by then.
 */
export function readAnyNumber(bytes: Buffer, at: number, numbers: Float64Array, slot: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at
  let position = start
  let point = -1
  let high = 0
  let low = 0
  let lowCount = 0
  for (; ; position++) {
    const byte = bytes[position]!
    const digit = byte - ZERO
    if (digit >>> 0 <= 9) {
      if (high < NINE_DIGITS) high = (Math.imul(high, 10) + digit) | 0
      else if (++lowCount <= LOW_COUNT_MAX) low = (Math.imul(low, 10) + digit) | 0
    } else if (byte === POINT && point < 0) point = position
    else break
  }
  const whole = (point < 0 ? position : point) - start
  if (whole === 0 || (whole > 1 && bytes[start] === ZERO) || point === position - 1) return DOUBT
  let power = point < 0 ? 0 : point + 1 - position

  if ((bytes[position]! | LOWER_CASE) === LOWER_E) {
    const sign = bytes[++position]
    if (sign === MINUS || sign === PLUS) position++
    const exponentStart = position
    let exponent = 0
    for (; ; position++) {
      const digit = bytes[position]! - ZERO
      if (digit >>> 0 > 9) break
      if (position - exponentStart < EXPONENT_DIGITS_MAX) exponent = exponent * 10 + digit
    }
    const count = position - exponentStart
    if (count === 0) return DOUBT
    power = count > EXPONENT_DIGITS_MAX ? Number.NaN : power + (sign === MINUS ? -exponent : exponent)
  }

  const proven = lowCount > LOW_COUNT_MAX ? Number.NaN : decimal(high, low, lowCount, power)
  if (Number.isNaN(proven)) numbers[slot] = Number(bytes.toString('latin1', at, position))
  else numbers[slot] = start === at ? proven : -proven
  return position
}
