import { chiSquareSurvival } from './chi-square.ts'
import { type Counts, total } from './count-totals.ts'
import { poolCells } from './pool-cells.ts'

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
 * Simulated at 20 equal cells and n 200 to 1000: a nominal 1e-5 comes true 1.1 to 1.4 times as often.
 * An empty sample, or one cell after pooling: chiSquare 0 and p-value 1.
 * Compared with scipy 1.17.1 `stats.chi2_contingency(correction=False)` on the pooled cells.
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
  for (let cell = 0; cell < pooled.window.length; cell++) {
    const count = pooled.window[cell]!
    const referenceCount = pooled.reference[cell]!
    chiSquare += (count * windowWeight - referenceCount * referenceWeight) ** 2 / (count + referenceCount)
  }
  return { chiSquare, degreesOfFreedom, pValue: chiSquareSurvival(chiSquare, degreesOfFreedom) }
}
