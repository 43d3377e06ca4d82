import { DriftstreamError } from '../errors/driftstream-error.ts'

/**
 * Sums of whole numbers longer than a double holds: runs of `width` digits below `base`, the lowest first, as
 * doubles, which add faster than 32-bit integers and are exact up to 2^53. Any order of adding and taking
 * out gives the same digits.
 */
export interface LimbShape {
  readonly width: number
  /** At most 2^52, so that two digits and a carry are exact; Infinity for a single double that never carries. */
  readonly base: number
}

/**
 * Adds the numbers of `from` to those of `into`.
 * @throws STATE_IMPOSSIBLE when they are not as many
 */
export function addLimbs(into: Float64Array, from: Float64Array, { width, base }: LimbShape): void {
  expectAsMany(into, from)
  for (let first = 0; first < from.length; first += width) {
    let carry = 0
    for (let at = first; at < first + width; at++) {
      const sum = into[at]! + from[at]! + carry
      carry = sum >= base ? 1 : 0
      into[at] = carry === 1 ? sum - base : sum
    }
  }
}

/**
 * Takes the numbers of `from` out of those of `into`, which hold them: the exact inverse of `addLimbs`.
 * @throws STATE_IMPOSSIBLE when they are not as many
 */
export function subtractLimbs(into: Float64Array, from: Float64Array, { width, base }: LimbShape): void {
  expectAsMany(into, from)
  for (let first = 0; first < from.length; first += width) {
    let borrow = 0
    for (let at = first; at < first + width; at++) {
      const difference = into[at]! - from[at]! - borrow
      borrow = difference < 0 ? 1 : 0
      into[at] = borrow === 1 ? difference + base : difference
    }
  }
}

function expectAsMany(into: Float64Array, from: Float64Array): void {
  if (into.length === from.length) return
  throw new DriftstreamError(
    'STATE_IMPOSSIBLE',
    `expected as many digits on both sides, got ${from.length} for ${into.length}`,
  )
}
