import type { LimbShape } from './limbs.ts'

/**
 * Sums of probabilities in units of 2^-21: whole numbers in one double, exact for 4 billion predictions.
 * Each is rounded once, by at most 2^-22 (2.4e-7), so a mean is off by no more.
 */
export const PROBABILITY_SUM: LimbShape = { width: 1, base: Number.POSITIVE_INFINITY }

const UNITS = 2 ** 21

/** Adds a probability from 0 to 1 to the sum number `sum`. */
export function addProbability(sums: Float64Array, sum: number, probability: number): void {
  sums[sum] = sums[sum]! + ((probability * UNITS + 0.5) | 0)
}

/** The sum number `sum`; 0 where nothing was counted. */
export function probabilityTotal(sums: Float64Array, sum: number): number {
  return sums.length === 0 ? 0 : sums[sum]! / UNITS
}
