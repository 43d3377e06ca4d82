import type { Estimate } from './mean-with-error.ts'
import { normalQuantile, normalTwoSided } from './normal.ts'

export interface EstimateDifference {
  readonly difference: number
  /** Bounds of the true difference, each holding with the confidence by itself. */
  readonly lower: number
  readonly upper: number
  /** Two-sided. */
  readonly pValue: number
}

/**
 * Value less reference value, with the errors of both, by the normal law (Welch's test at large samples).
 *
 * Without any error on either side the p-value is 1 for equal values and 0 otherwise.
 * @param confidence of each bound, e.g. 0.99
 */
export function differenceOfEstimates(
  value: Estimate,
  reference: Estimate,
  confidence: number,
): EstimateDifference {
  const difference = value.value - reference.value
  const standardError = Math.hypot(value.standardError, reference.standardError)
  const reach = normalQuantile(confidence) * standardError
  return {
    difference,
    lower: difference - reach,
    upper: difference + reach,
    pValue: difference === 0 ? 1 : normalTwoSided(difference / standardError),
  }
}
