/** A mean and how far it may be off. */
export interface Estimate {
  readonly value: number
  readonly standardError: number
}

/**
 * Mean and standard error from a sum and a sum of squares (log-loss, Brier, absolute error …).
 *
 * Null for n = 0. One value says nothing of the spread: the standard error of n = 1 is Infinity.
 * The sums lose digits where the spread is below 1e-8 of the mean; the variance is then taken as 0.
 */
export function meanWithError(n: number, sum: number, squareSum: number): Estimate | null {
  if (n === 0) return null
  const mean = sum / n
  if (n === 1) return { value: mean, standardError: Infinity }
  const variance = Math.max(0, (squareSum - n * mean * mean) / (n - 1))
  return { value: mean, standardError: Math.sqrt(variance / n) }
}

/**
 * The square root of a mean, e.g. RMSE from the mean squared error, its error by the delta method.
 * A mean of 0 or below gives 0 with the error of the root of one standard error.
 */
export function rootOfEstimate(estimate: Estimate): Estimate {
  if (estimate.value <= 0) return { value: 0, standardError: Math.sqrt(estimate.standardError) }
  const root = Math.sqrt(estimate.value)
  return { value: root, standardError: estimate.standardError / (2 * root) }
}
