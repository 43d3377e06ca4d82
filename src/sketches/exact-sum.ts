import type { LimbShape } from './limbs.ts'

/**
 * Sums of doubles of any scale without rounding, so that errors merge to the same bytes in any order.
 *
 * A sum is one fixed-point number of 34 digits of 32 bits: its lowest bit is 2^-544, its highest 2^543. A
 * double has 53 bits and so touches three digits, and the carry is rare. Only what a double has below 2^-480
 * is cut off. Several sums lie behind one another in one array.
 */
export const EXACT_SUM: LimbShape = { width: 34, base: 2 ** 32 }

const LOWEST_EXPONENT = -544
const { width: WIDTH, base: BASE } = EXACT_SUM
const SCALES = Float64Array.from({ length: WIDTH }, (_, limb) => 2 ** -(32 * limb + LOWEST_EXPONENT))

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
/** Which of a double's words holds its exponent depends on the machine. */
const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0

/** Adds a finite value from 0 to below 2^512 to the sum number `sum`. */
export function addExact(limbs: Float64Array, sum: number, value: number): void {
  double[0] = value
  const limb = ((words[HIGH_WORD]! >>> 20) - 1023 - LOWEST_EXPONENT) >> 5
  if (limb < 2) return
  const at = sum * WIDTH + limb
  // From 1 to below 2^32; every step from here on is exact.
  const scaled = value * SCALES[limb]!
  const high = Math.floor(scaled)
  const rest = (scaled - high) * BASE
  const middle = Math.floor(rest)
  let lowest = limbs[at - 2]! + (rest - middle) * BASE
  let next = limbs[at - 1]! + middle
  if (lowest >= BASE) {
    lowest -= BASE
    next++
  }
  limbs[at - 2] = lowest
  let sumAt = limbs[at]! + high
  if (next >= BASE) {
    next -= BASE
    sumAt++
  }
  limbs[at - 1] = next
  limbs[at] = sumAt
  if (sumAt >= BASE) carry(limbs, at)
}

/** The sum number `sum` as a double, right but for the last digit; 0 where nothing was counted. */
export function exactTotal(limbs: Float64Array, sum: number): number {
  let total = 0
  if (limbs.length === 0) return total
  for (let limb = WIDTH - 1; limb >= 0; limb--) total += limbs[sum * WIDTH + limb]! / SCALES[limb]!
  return total
}

/** The sum number `sum` as a whole number of 2^-544: for differences that would cancel in doubles. */
export function exactUnits(limbs: Float64Array, sum: number): bigint {
  let units = 0n
  if (limbs.length === 0) return units
  for (let limb = WIDTH - 1; limb >= 0; limb--) {
    units = (units << 32n) + BigInt(limbs[sum * WIDTH + limb]!)
  }
  return units
}

/** A whole number of 2^-544 as a double; digits below that are cut off. */
function fromExactUnits(units: bigint): number {
  // A bigint beyond 2^1024 is infinite as a number: the top 64 bits say all that a double holds.
  const magnitude = units < 0n ? -units : units
  const beyond = Math.max(0, magnitude.toString(16).length * 4 - 64)
  const value = Number(magnitude >> BigInt(beyond)) * 2 ** (beyond / 2) * 2 ** (beyond / 2 + LOWEST_EXPONENT)
  return units < 0n ? -value : value
}

/**
 * The sum of squared differences of n values from their mean, from the sum of their positive and of their
 * negative parts and that of their squares, all as `exactUnits`. The subtraction does not round; what stays
 * is the rounding of each square, 2^-53 of it. 0 for n = 0.
 */
export function squaresAboutMean(n: number, positive: bigint, negative: bigint, squares: bigint): number {
  if (n === 0) return 0
  const sum = positive - negative
  const shift = BigInt(-LOWEST_EXPONENT)
  return Math.max(0, fromExactUnits(((squares << shift) - (sum * sum) / BigInt(n)) >> shift))
}

function carry(limbs: Float64Array, from: number): void {
  let at = from
  while (limbs[at]! >= BASE) {
    limbs[at] = limbs[at]! - BASE
    at++
    limbs[at] = limbs[at]! + 1
  }
}
