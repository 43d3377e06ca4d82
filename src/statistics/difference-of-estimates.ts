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

/** Values that the two estimates are of, above 0. */
export interface SampleSizes {
  readonly n: number
  readonly m: number
}

/**
 * Value less reference value, with the errors of both, by the normal law (Welch's test at large samples).
 *
 * With `sizes` no smaller error is taken than that of both samples' spread together (Student's pooled one): of
 * losses with a long tail a small sample that has missed the tail has too small a mean and too small a spread
 * at once, so that its own error makes it surer the further it is off. Where rare positives are few in the
 * reference alone, Welch's test is wrong seven to sixteen times as often as it says at 0.001, this one is not
 * (`npm run bench:accuracy -- --check outcomes`).
 *
 * Without any error on either side the p-value is 1 for equal values and 0 otherwise.
 * @param confidence of each bound, e.g. 0.99
 * @param sizes of estimates whose squared error falls as one over the sample: means, areas
 */
export function differenceOfEstimates(
  value: Estimate,
  reference: Estimate,
  confidence: number,
  sizes: SampleSizes | null = null,
): EstimateDifference {
  const difference = value.value - reference.value
  const standardError = Math.max(
    Math.hypot(value.standardError, reference.standardError),
    sizes === null ? 0 : pooledError(value, reference, sizes),
  )
  const reach = normalQuantile(confidence) * standardError
  return {
    difference,
    lower: difference - reach,
    upper: difference + reach,
    pValue: difference === 0 ? 1 : normalTwoSided(difference / standardError),
  }
}

/** The error of the difference where both samples have the spread that they have together. */
function pooledError(value: Estimate, reference: Estimate, { n, m }: SampleSizes): number {
  // Spread squared is error squared times the sample; the pooled one counts as many times 1 / n + 1 / m.
  return Math.hypot(value.standardError * Math.sqrt(n / m), reference.standardError * Math.sqrt(m / n))
}
