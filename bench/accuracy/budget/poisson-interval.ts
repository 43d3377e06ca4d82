import { chiSquareUpperQuantile } from '../../../src/statistics/chi-square-quantile.ts'

/** Bounds that hold the mean of a Poisson count in 95 of 100 cases. Source: Garwood, Biometrika 28 (1936). */
export function poissonInterval(count: number): { lower: number; upper: number } {
  return {
    lower: count === 0 ? 0 : chiSquareUpperQuantile(0.975, 2 * count) / 2,
    upper: chiSquareUpperQuantile(0.025, 2 * count + 2) / 2,
  }
}
