import { lowerGamma, upperGamma } from './incomplete-gamma.ts'

/**
 * P(X > x) for a chi-squared variable X: the p-value of a chi-squared statistic.
 *
 * Written here because simple-statistics has a table of eleven levels only. Accuracy as `upperGamma`;
 * compared with scipy 1.17.1 `stats.chi2.sf`.
 * @throws STATE_IMPOSSIBLE unless degreesOfFreedom > 0 and x >= 0
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, x / 2)
}

/** P(X <= x) for a chi-squared variable X. Domain and errors as `chiSquareSurvival`. */
export function chiSquareCdf(x: number, degreesOfFreedom: number): number {
  return lowerGamma(degreesOfFreedom / 2, x / 2)
}
