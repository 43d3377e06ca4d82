import { DriftstreamError } from '../errors/driftstream-error.ts'

/**
 * The mean below which the true mean of values in [0, 1] lies with confidence 1 - `level`.
 *
 * Holds at any n and for any distribution on [0, 1]; near the normal bound where n is large, wide where n is
 * some dozens. 1 for fewer than two values.
 * Source: Maurer and Pontil, Empirical Bernstein Bounds, COLT 2009, theorem 4.
 * @param sum of the n values
 * @param squares sum of their squares
 * @throws STATE_IMPOSSIBLE unless 0 <= squares <= sum <= n and 0 < level < 1
 */
export function meanUpperBound(sum: number, squares: number, n: number, level: number): number {
  if (!(squares >= 0 && squares <= sum && sum <= n && level > 0 && level < 1)) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected sums of values in [0, 1] and a level between 0 and 1, got sum ${sum}, squares ${squares}, n ${n}, level ${level}`,
    )
  }
  if (n < 2) return 1
  const mean = sum / n
  const variance = Math.max(0, squares - n * mean * mean) / (n - 1)
  const logTerm = Math.log(2 / level)
  return Math.min(1, mean + Math.sqrt((2 * variance * logTerm) / n) + (7 * logTerm) / (3 * (n - 1)))
}
