import {
  type AndersonDarling,
  andersonDarling,
  andersonDarlingPValue,
  andersonDarlingStatistic,
} from './anderson-darling.ts'
import { type Counts, requireSameCells, total } from './count-totals.ts'
import { jointPValue } from './joint-p-value.ts'
import { type MaxCellResult, maxCell, maxCellTest } from './max-cell.ts'
import { type NeymanBasis, type NeymanResult, neymanBasis, neymanSums, neymanTest } from './neyman-basis.ts'

/** The cell test is conservative on whole counts, the others are not: it pays less and keeps its reach. */
const NEYMAN_WEIGHT = 0.4
const ANDERSON_DARLING_WEIGHT = 0.4
const MAX_CELL_WEIGHT = 0.2

export interface OmnibusResult {
  /** One p-value of the three tests together. */
  readonly pValue: number
  readonly neyman: NeymanResult
  /** p-value null: the grid is too lopsided for windows of this size. */
  readonly andersonDarling: { readonly statistic: number; readonly pValue: number | null }
  readonly maxCell: MaxCellResult
  /** Sums of the Neyman components over the window's values: they add up over panes. */
  readonly sums: Float64Array
  readonly n: number
  readonly m: number
}

export interface Omnibus {
  /** Neyman components there are, 0 to 4; their names are `NEYMAN_COMPONENTS`. */
  readonly order: number
  readonly basis: NeymanBasis
  readonly m: number
  /** @throws STATE_IMPOSSIBLE when the window has other cells than the reference */
  readonly evaluate: (counts: Counts) => OmnibusResult
  /**
   * The same for windows that are mostly of no interest: null exactly where `evaluate` gives a p-value above
   * `pValueMax`, and cheaper by the search for cells that could not bring it there.
   * @param n the sum of the counts, where it is known
   */
  readonly screen: (counts: Counts, pValueMax: number, n?: number) => OmnibusResult | null
}

/**
 * Prepares the tests of a numeric feature's windows against its reference counts, all on the same cells.
 *
 * Neyman's smooth test (whole shape), Anderson–Darling (the bulk and both tails), and the most surprising
 * cell, joined by `jointPValue`. The reference's own error is in every price, so a window may be as large as
 * the reference. Works from two cells up, with atoms and with cells the reference left empty; an empty
 * sample: p-value 1. Needs no randomness: every null law is computed.
 * @param referenceCounts copied; a later change of the array has no effect
 */
export function compileOmnibus(referenceCounts: Counts): Omnibus {
  const reference = Float64Array.from(referenceCounts)
  const basis = neymanBasis(reference)
  const distance = andersonDarling(reference)
  const cells = maxCell(reference)
  const m = basis.m
  // One kind of array for the loops below, whatever the caller counts in.
  const window = new Float64Array(reference.length)

  function evaluate(counts: Counts, pValueMax: number, n = total(counts)): OmnibusResult | null {
    requireSameCells(counts, reference)
    window.set(counts)
    const { sums, statistic } = sumsAndStatistic(basis, distance, window, n)
    const neyman = neymanTest(basis, sums, n)
    const pDistance = andersonDarlingPValue(distance, statistic, n)
    const joint = (cellPValue: number): number =>
      jointPValue([
        { pValue: neyman.degreesOfFreedom > 0 ? neyman.pValue : null, weight: NEYMAN_WEIGHT },
        { pValue: pDistance, weight: ANDERSON_DARLING_WEIGHT },
        { pValue: cellPValue, weight: MAX_CELL_WEIGHT },
      ])
    const without = joint(1)
    const cell = maxCellTest(cells, window, n, cellPValueMax(without, pValueMax))
    const pValue = joint(cell.pValue)
    if (pValue > pValueMax) return null
    return { pValue, neyman, andersonDarling: { statistic, pValue: pDistance }, maxCell: cell, sums, n, m }
  }

  return {
    order: basis.order,
    basis,
    m,
    evaluate: (counts) => evaluate(counts, 1)!,
    screen: evaluate,
  }
}

/**
 * The cell's p-value from which on it cannot bring the joint one down to `pValueMax`, given what the joint
 * one is without it. Its weight is at least `MAX_CELL_WEIGHT` of T, and all of it when it is the only test,
 * so the whole of T is granted to it.
 */
function cellPValueMax(without: number, pValueMax: number): number {
  if (without <= pValueMax || pValueMax >= 0.5) return 1
  const found = without < 1 ? 1 / Math.tan(Math.PI * without) : 0
  const missing = 1 / Math.tan(Math.PI * pValueMax) - found
  return missing > 0 ? Math.min(1, (1 + 1e-9) * (Math.atan(1 / missing) / Math.PI)) : 1
}

/**
 * `neymanSums` and `andersonDarlingStatistic`, to the bit, in one walk over the cells: six sums that do not
 * wait for each other.
 */
function sumsAndStatistic(
  basis: NeymanBasis,
  distance: AndersonDarling,
  window: Float64Array,
  n: number,
): { readonly sums: Float64Array; readonly statistic: number } {
  const [location, scale, skew, tails] = basis.values
  const { edgeWeights, below, m } = distance
  if (location === undefined || scale === undefined || skew === undefined || tails === undefined) {
    return { sums: neymanSums(basis, window), statistic: andersonDarlingStatistic(distance, window, n) }
  }
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  let countBelow = 0
  let squares = 0
  for (let cell = 0; cell < window.length; cell++) {
    const count = window[cell]!
    first += count * location[cell]!
    second += count * scale[cell]!
    third += count * skew[cell]!
    fourth += count * tails[cell]!
    countBelow += count
    const excess = countBelow - n * below[cell]!
    squares += edgeWeights[cell]! * excess * excess
  }
  const statistic = n === 0 || m === 0 ? 0 : (squares * m) / (n * (n + m))
  return { sums: Float64Array.of(first, second, third, fourth), statistic }
}
