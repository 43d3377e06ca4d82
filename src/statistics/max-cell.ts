import { type Counts, total } from './count-totals.ts'
import { logHypergeometricLower, logHypergeometricUpper } from './hypergeometric-tail.ts'

export interface MaxCell {
  readonly reference: Float64Array
  /** Reference counts of the cells in rising order. */
  readonly sorted: Float64Array
  /** How much -ln p of a cell can lie above its half deviance (see `slackOf`), by cell. */
  readonly slack: Float64Array
  readonly m: number
}

export interface MaxCellResult {
  /** The most surprising cell; -1 when none is worth naming (p-value 1). */
  readonly cell: number
  /** `full`: more values in the cell than the reference lets expect; `empty`: fewer. */
  readonly side: 'full' | 'empty' | 'none'
  readonly pValue: number
}

/**
 * Prepares the test of the single most surprising cell: stuck sensors, defaults, clipping, a new value.
 */
export function maxCell(reference: Counts): MaxCell {
  const counts = Float64Array.from(reference)
  return { reference: counts, sorted: counts.slice().sort(), slack: counts.map(slackOf), m: total(counts) }
}

/**
 * Tests the most surprising cell of a window of n values: the smallest one-sided tail of Fisher's exact test
 * of one cell against the rest, over all cells and both sides.
 *
 * p = 1 - (1 - smallest)^tails, where `tails` counts those that could be so small at all: a cell that would
 * often be empty anyway is no test of emptiness. Cells are negatively associated, so the product is safe;
 * that counts are whole makes p too large, by two to four times on 512 cells, never too small. A p above 0.6
 * is given as 1: it is not looked for. Where edges are cut from the counted reference itself, a cell of
 * r values is a run of r spacings and the tail of r + 1 is used: safe, and right for fixed edges.
 * Almost every cell is passed over by an upper bound of its -ln p, with no effect on the result.
 * Source: Wilks, Annals of Mathematical Statistics 13 (1942), for counts between order statistics; Fisher's
 * tail as in `logHypergeometricUpper`.
 * @param pValueMax p-values above it may be given as 1, which makes the search shorter
 */
export function maxCellTest(test: MaxCell, counts: Counts, n: number, pValueMax = 1): MaxCellResult {
  const { reference, slack, m } = test
  const cells = reference.length
  if (n === 0 || m === 0 || cells < 2) return { cell: -1, side: 'none', pValue: 1 }
  const size = n + m
  const share = n / size
  const spread = (share * (1 - share)) / size
  let best = Math.max(Math.log(cells), -Math.log(-Math.expm1(Math.log1p(-pValueMax) / cells)))
  let bestCell = -1
  let bestSide: MaxCellResult['side'] = 'none'
  for (let cell = 0; cell < cells; cell++) {
    const count = counts[cell]!
    const referenceCount = reference[cell]!
    const both = count + referenceCount
    const excess = count - both * share
    // Half the deviance is at most this chi-squared value.
    if (excess * excess <= (best - slack[cell]!) * spread * both * (size - both)) continue
    if (halfDeviance(count, both, n, m) + slack[cell]! <= best) continue
    const logTail =
      excess > 0 ? logHypergeometricUpper(count, both, n, m) : logHypergeometricLower(count, both, n, m)
    if (-logTail > best) {
      best = -logTail
      bestCell = cell
      bestSide = excess > 0 ? 'full' : 'empty'
    }
  }
  if (bestCell === -1) return { cell: -1, side: 'none', pValue: 1 }
  const smallest = Math.exp(-best)
  // Of two cells one is as full as the other is empty: two events, not four.
  const tails = cells === 2 ? 2 : cells + emptiable(test, best, n)
  return { cell: bestCell, side: bestSide, pValue: -Math.expm1(tails * Math.log1p(-smallest)) }
}

/** Cells so large that finding them empty would be as surprising as exp(-best). */
function emptiable(test: MaxCell, best: number, n: number): number {
  const { sorted, m } = test
  // P(empty) = (1 - n / size)(1 - n / (size - 1)) …, at most this power of the first factor.
  const enough = best / -Math.log1p(-n / (n + m))
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    // The steps grow as a cell takes up more of both samples: the exact tail decides there.
    if (sorted[middle]! >= enough || -logHypergeometricLower(0, sorted[middle]!, n, m) >= best) high = middle
    else low = middle + 1
  }
  return sorted.length - low
}

/**
 * -ln p <= half the deviance + this: by Stirling's bounds, one term of the hypergeometric law is at least
 * exp(-deviance / 2) * sqrt(2π) / 8 / sqrt(the smaller of the two counts), and p is at least that term.
 */
function slackOf(referenceCount: number): number {
  return Math.log(8 / Math.sqrt(2 * Math.PI)) + Math.log(Math.max(1, referenceCount)) / 2
}

/** Half of G² of the table cell against rest, window against reference; natural logarithms. */
function halfDeviance(count: number, both: number, n: number, m: number): number {
  const share = both / (n + m)
  return (
    part(count, n * share) +
    part(both - count, m * share) +
    part(n - count, n * (1 - share)) +
    part(m - both + count, m * (1 - share))
  )
}

function part(count: number, expected: number): number {
  return count > 0 ? count * Math.log(count / expected) : 0
}
