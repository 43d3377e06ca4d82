import type { Random } from './random.ts'

/** A statistic of n fixed rows under weights (length n, sum n); null where it is not defined. */
export type WeightedStatistic = (weights: Uint32Array) => number | null

export interface BootstrapOptions {
  /** Of the two-sided interval, inside 0 and 1. */
  readonly confidence: number
  readonly repeats: number
  readonly random: Random
  /**
   * Rows that are drawn together, each with those that follow it, the first after the last; 1 where rows are
   * independent (the default). At least 1, whole.
   */
  readonly blockLength?: number
}

/**
 * Percentile bootstrap interval of a statistic of `n` rows, independent of one another or, with a
 * `blockLength`, in an order in which neighbours are alike. Each repeat draws n rows with replacement, or blocks
 * of rows, the last one cut off, and hands over how often each was drawn, so a statistic of two models on the
 * same rows is paired by itself. The bounds are the k-th smallest and k-th largest repeat, k = floor((repeats + 1) α / 2).
 * Costs O(n · repeats) and holds one weight a row.
 *
 * Null when there is no honest interval: no rows, fewer repeats than the confidence asks for
 * (`bootstrapRepeatsMin`), or a repeat in which the statistic is not defined.
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), §13.3; k after Davison and Hinkley,
 * Bootstrap Methods and their Application (1997), §5.3; blocks after Politis and Romano, A circular block-resampling
 * procedure for stationary data (1992).
 */
export function bootstrapInterval(
  n: number,
  statistic: WeightedStatistic,
  { confidence, repeats, random, blockLength = 1 }: BootstrapOptions,
): { readonly lower: number; readonly upper: number } | null {
  if (n < 1 || repeats < bootstrapRepeatsMin(confidence)) return null
  const weights = new Uint32Array(n)
  const values = new Float64Array(repeats)
  for (let repeat = 0; repeat < repeats; repeat++) {
    weights.fill(0)
    for (let drawn = 0; drawn < n; drawn += blockLength) {
      const start = Math.floor(random() * n)
      const end = start + Math.min(blockLength, n - drawn)
      for (let row = start; row < end; row++) weights[row < n ? row : row - n]!++
    }
    const value = statistic(weights)
    if (value === null || Number.isNaN(value)) return null
    values[repeat] = value
  }
  values.sort()
  const k = orderOf(repeats, confidence)
  return { lower: values[k - 1]!, upper: values[repeats - k]! }
}

/** Fewest repeats whose outermost values can bound an interval of this confidence. */
export function bootstrapRepeatsMin(confidence: number): number {
  let repeats = Math.max(1, Math.floor(2 / (1 - confidence)) - 2)
  while (orderOf(repeats, confidence) < 1) repeats++
  return repeats
}

function orderOf(repeats: number, confidence: number): number {
  // 401 × 0.025 is 10.000000000000009 or 9.999…8 by the way 1 - 0.95 is rounded; both mean 10.
  return Math.floor(((repeats + 1) * (1 - confidence)) / 2 + 1e-9)
}
