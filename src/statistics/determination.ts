import type { Estimate } from './mean-with-error.ts'

/**
 * R², the share of the labels' variance that the predictions explain; negative where the labels' mean would
 * have predicted better. Null where the labels do not vary.
 *
 * The error by the delta method: that of the mean squared error from the errors' fourth powers, that of the
 * labels' variance as of a normal sample, the two taken as independent. Labels with heavy tails have a
 * larger one.
 * @param squaredSum of the errors; @param quarticSum of their fourth powers
 * @param labelSquares squared differences of the labels from their mean, summed
 */
export function determination(
  n: number,
  squaredSum: number,
  quarticSum: number,
  labelSquares: number,
): Estimate | null {
  if (n < 2 || !(labelSquares > 0)) return null
  const unexplained = squaredSum / labelSquares
  const meanSquare = squaredSum / n
  const errorVariance = Math.max(0, quarticSum / n - meanSquare ** 2)
  const labelVariance = labelSquares / n
  return {
    value: 1 - unexplained,
    standardError: Math.sqrt((errorVariance / labelVariance ** 2 + 2 * unexplained ** 2) / n),
  }
}
