import { type Counts, requireSameCells, total } from './count-totals.ts'
import { jointPValue } from './joint-p-value.ts'
import { type MaxCellResult, maxCell, maxCellTest } from './max-cell.ts'
import { type PearsonChiSquare, pearsonChiSquare } from './pearson-chi-square.ts'

const CHI_SQUARE_WEIGHT = 0.75
const MAX_CELL_WEIGHT = 0.25

export interface CategoricalOmnibusResult {
  /** One p-value of both tests together. */
  readonly pValue: number
  readonly chiSquare: PearsonChiSquare
  readonly maxCell: MaxCellResult
  readonly n: number
  readonly m: number
}

export interface CategoricalOmnibus {
  readonly m: number
  /** @throws STATE_IMPOSSIBLE when the window has other cells than the reference */
  readonly evaluate: (counts: Counts) => CategoricalOmnibusResult
}

/**
 * Prepares the tests of a categorical feature's windows against its reference counts: Pearson's chi-squared
 * on the cells that carry it (expected 5 and more, the others pooled), and the most surprising cell, exact
 * however rare it is, joined by `jointPValue`. An empty sample, or a single cell: p-value 1.
 * @param referenceCounts copied; a later change of the array has no effect
 */
export function compileCategoricalOmnibus(referenceCounts: Counts): CategoricalOmnibus {
  const reference = Float64Array.from(referenceCounts)
  const cells = maxCell(reference)
  const m = total(reference)
  return {
    m,
    evaluate(counts) {
      requireSameCells(counts, reference)
      const n = total(counts)
      const chiSquare = pearsonChiSquare(counts, reference)
      const cell = maxCellTest(cells, counts, n)
      const pValue = jointPValue([
        {
          pValue: chiSquare.degreesOfFreedom > 0 ? chiSquare.pValue : null,
          weight: CHI_SQUARE_WEIGHT,
        },
        { pValue: cell.pValue, weight: MAX_CELL_WEIGHT },
      ])
      return { pValue, chiSquare, maxCell: cell, n, m }
    },
  }
}
