import { type Counts, total } from './count-totals.ts'
import { poolCells } from './pool-cells.ts'
import { type ScoreShape, smoothSurvival } from './smooth-survival.ts'

/** Cochran's rule: below this many expected values the chi-squared law does not hold in the tail. */
const EXPECTED_MIN = 5

export interface PearsonChiSquare {
  readonly chiSquare: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/**
 * Pearson's two-sample chi-squared test of two count arrays on the same cells, cells with an expected count
 * below 5 pooled first.
 *
 * The p-value is corrected for small windows (`smoothSurvival`): simulated with 30 cells of shares falling as
 * 1 / rank, n 200 and 1000, m 10 000, a nominal 1e-4 comes true 0.8 to 1.2 times as often, uncorrected 1.4 to
 * 2.2 times.
 * An empty sample, or one cell after pooling: chiSquare 0 and p-value 1.
 * The statistic is compared with scipy 1.17.1 `stats.chi2_contingency(correction=False)` on the pooled cells.
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function pearsonChiSquare(window: Counts, reference: Counts): PearsonChiSquare {
  const pooled = poolCells(window, reference, EXPECTED_MIN, true)
  const n = total(pooled.window)
  const m = total(pooled.reference)
  const degreesOfFreedom = pooled.window.length - 1
  if (n === 0 || m === 0 || degreesOfFreedom < 1) return { chiSquare: 0, degreesOfFreedom: 0, pValue: 1 }

  const windowWeight = Math.sqrt(m / n)
  const referenceWeight = Math.sqrt(n / m)
  let chiSquare = 0
  let inverseShares = 0
  for (let cell = 0; cell < pooled.window.length; cell++) {
    const count = pooled.window[cell]!
    const referenceCount = pooled.reference[cell]!
    chiSquare += (count * windowWeight - referenceCount * referenceWeight) ** 2 / (count + referenceCount)
    inverseShares += (n + m) / (count + referenceCount)
  }
  const shape = cellShape(inverseShares, pooled.window.length)
  return { chiSquare, degreesOfFreedom, pValue: smoothSurvival(chiSquare, degreesOfFreedom, shape, n, m) }
}

/**
 * `scoreShape` of the orthonormal scores of all cells, which only the sum of 1 / share enters.
 * Source: Hoel, Annals of Mathematical Statistics 9 (1938).
 */
function cellShape(inverseShares: number, cells: number): ScoreShape {
  const uneven = inverseShares - cells * cells
  return { fourth: (uneven - 2 * cells + 2) / 8, third: uneven / 8 + (inverseShares - 3 * cells + 2) / 12 }
}
