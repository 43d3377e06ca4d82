import { DriftstreamError } from '../errors/driftstream-error.ts'
import { chiSquareSurvival } from './chi-square.ts'

const RELATIVE_PRECISION = 1e-12

/**
 * The x that a chi-squared variable exceeds with probability `tail`: the critical value at a level.
 *
 * By bisection of `chiSquareSurvival`, so as exact as that; tails down to 1e-300. Infinity for a tail of 0.
 * @throws STATE_IMPOSSIBLE unless 0 <= tail <= 1 and degreesOfFreedom > 0
 */
export function chiSquareUpperQuantile(tail: number, degreesOfFreedom: number): number {
  if (!(tail >= 0 && tail <= 1)) {
    throw new DriftstreamError('STATE_IMPOSSIBLE', `expected a probability from 0 to 1, got ${tail}`)
  }
  if (tail === 0) return Number.POSITIVE_INFINITY
  if (tail === 1) return 0
  let low = 0
  let high = Math.max(1, degreesOfFreedom)
  while (chiSquareSurvival(high, degreesOfFreedom) > tail) {
    low = high
    high *= 2
  }
  while (high - low > RELATIVE_PRECISION * high) {
    const middle = (low + high) / 2
    if (chiSquareSurvival(middle, degreesOfFreedom) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
