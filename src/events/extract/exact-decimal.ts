/** 10^0 to 10^22: the powers of ten that a double holds exactly, for 5^22 < 2^53. */
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

export const POWERS_OF_TEN: Float64Array = POWERS

const EXACT_POWER_MAX = POWERS.length - 1

/** 2^27 + 1: splits a double into two halves whose products are exact. */
const SPLITTER = 134_217_729

/** Far above the error of the second double of a quotient, far below its distance from a rounding step. */
const MARGIN = 1 + 2 ** -30

/**
 * `(high · 10^lowCount + low) · 10^power`, correctly rounded, or NaN where that is not proven; whole numbers,
 * `high` below 10^15, `low` below `10^lowCount`, `lowCount` from 0 to 9.
 */
export function decimal(high: number, low: number, lowCount: number, power: number): number {
  const digits = high * POWERS[lowCount]! + low
  // Rounding keeps the order: a sum that was not exact is not below 2^53.
  return digits < Number.MAX_SAFE_INTEGER
    ? shortDecimal(digits, power)
    : longDecimal(high, low, lowCount, power)
}

/**
 * `digits · 10^power` for a whole number below 2^53: the product or quotient of two exact doubles is rounded
 * once, and that is the right answer.
 * Source: Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990, the fast path.
 */
function shortDecimal(digits: number, power: number): number {
  if (power < -EXACT_POWER_MAX || power > EXACT_POWER_MAX) return Number.NaN
  return power < 0 ? digits / POWERS[-power]! : digits * POWERS[power]!
}

/**
 * The same for more digits. Shortest printing of doubles gives 16 or 17: most scores have them, and many
 * features.
 *
 * Dividend and quotient are held as sums of two doubles. The quotient's second double is known to 50 bits,
 * so the sum can be rounded wrongly only where it lies that close to the middle between two doubles; where
 * a slightly larger second double gives the same sum, it does not.
 * Sources: Dekker, "A Floating-Point Technique for Extending the Available Precision", Numer. Math. 18
 * (1971), for the errors of sum and product; Ziv, ACM TOMS 17 (1991), for the test of the rounding.
 */
function longDecimal(high: number, low: number, lowCount: number, power: number): number {
  if (power > 0 || power < -EXACT_POWER_MAX) return Number.NaN
  const scale = POWERS[lowCount]!
  const product = high * scale
  const whole = product + low
  // `low` is below the product, so the error of their sum is exact.
  const wholeRest = productError(high, scale, product) + (low - (whole - product))

  const divisor = POWERS[-power]!
  const quotient = whole / divisor
  const back = quotient * divisor
  const quotientRest = (whole - back - productError(quotient, divisor, back) + wholeRest) / divisor

  const rounded = quotient + quotientRest
  const rest = quotientRest - (rounded - quotient)
  return rounded + rest * MARGIN === rounded ? rounded : Number.NaN
}

/** `a · b - product` exactly, where `product` is their rounded product. */
function productError(a: number, b: number, product: number): number {
  const aSplit = SPLITTER * a
  const aHigh = aSplit - (aSplit - a)
  const aLow = a - aHigh
  const bSplit = SPLITTER * b
  const bHigh = bSplit - (bSplit - b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}
