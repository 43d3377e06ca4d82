import type { Estimate } from './mean-with-error.ts'

/**
 * F1, the harmonic mean of precision and recall, from confusion counts; null where all three are 0.
 *
 * F1 = 2 s / (1 + s) with s the share of true positives among all that are predicted or truly positive. Given
 * their number s is a binomial share, and the delta method gives the error; half a value of each kind keeps
 * it from being 0 at the ends. Source: Takahashi, Yamamoto, Kuchiba, Koyama, Applied Intelligence 52 (2022).
 */
export function f1Score(
  truePositives: number,
  falsePositives: number,
  falseNegatives: number,
): Estimate | null {
  const of = truePositives + falsePositives + falseNegatives
  if (of === 0) return null
  const smoothed = (truePositives + 0.5) / (of + 1)
  return {
    value: (2 * truePositives) / (of + truePositives),
    standardError: (2 / (1 + smoothed) ** 2) * Math.sqrt((smoothed * (1 - smoothed)) / of),
  }
}
