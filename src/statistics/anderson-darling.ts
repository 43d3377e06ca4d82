import { andersonDarlingNull } from './anderson-darling-null.ts'
import { type Counts, total } from './count-totals.ts'
import { KURTOSIS_MAX } from './neyman-basis.ts'

export interface AndersonDarling {
  /** Of each cell's upper edge: its part in the sum; 0 where the reference has no mass to either side. */
  readonly edgeWeights: Float64Array
  /** The reference's distribution function at each cell's upper edge. */
  readonly below: Float64Array
  /** P(A > a) without change. */
  readonly survival: (statistic: number) => number
  /** Mean fourth cumulant of the edges' indicators, by their part in the variance: as in `NeymanBasis`. */
  readonly kurtosis: number
  /** Edges with mass on both sides. */
  readonly edges: number
  readonly m: number
}

/**
 * Two-sample Anderson–Darling test on a grid, prepared for one reference.
 *
 * A = nm / (n + m) * sum over edges of w (F - G)², w = (mean mass of the two cells beside the edge) /
 * (G (1 - G)), all taken from the reference; edges with nothing of it to one side are left out, and no cell
 * counts for more than twice the thinner tail at the edge (a big category before a rare last one would put
 * all weight on the rare one). With weights that do not depend on the window the null law is known to
 * the last digit (`andersonDarlingNull`). On the 512 even
 * cells of a continuous feature it is the classical one: 2.492 at 5 %, 3.878 at 1 %.
 * Fewer than two cells in use: survival 1.
 * Source: Anderson and Darling, Annals of Mathematical Statistics 23 (1952); Pettitt, Biometrika 63 (1976),
 * for two samples.
 */
export function andersonDarling(reference: Counts): AndersonDarling {
  const cells = reference.length
  const m = total(reference)
  const edgeWeights = new Float64Array(cells)
  const below = new Float64Array(cells)
  const gaps: number[] = []
  const weights: number[] = []
  let parts = 0
  let cumulants = 0

  // A cell that the reference left empty has no edge of its own: it counts with the next one in use.
  const inUse: number[] = []
  let sum = 0
  for (let cell = 0; cell < cells; cell++) {
    sum += reference[cell]!
    below[cell] = m === 0 ? 0 : sum / m
    if (reference[cell]! > 0) inUse.push(cell)
  }
  for (const [position, cell] of inUse.entries()) {
    gaps.push(reference[cell]! / m)
    const next = inUse[position + 1]
    if (next === undefined) continue
    const share = below[cell]!
    const variance = share * (1 - share)
    const most = 2 * Math.min(share, 1 - share)
    const part = (Math.min(reference[cell]! / m, most) + Math.min(reference[next]! / m, most)) / 2
    edgeWeights[cell] = part / variance
    weights.push(part / variance)
    parts += part * part
    cumulants += part * part * (1 / variance - 6)
  }
  const kurtosis = parts > 0 ? cumulants / parts : 0
  const { survival } = andersonDarlingNull(gaps, weights)
  return { edgeWeights, below, survival, kurtosis, edges: weights.length, m }
}

/** The statistic of a window of n values counted on the reference's cells; 0 for an empty sample. */
export function andersonDarlingStatistic(test: AndersonDarling, counts: Counts, n: number): number {
  const { edgeWeights, below, m } = test
  if (n === 0 || m === 0) return 0
  let sum = 0
  let countBelow = 0
  for (let cell = 0; cell < edgeWeights.length; cell++) {
    countBelow += counts[cell]!
    const excess = countBelow - n * below[cell]!
    sum += edgeWeights[cell]! * excess * excess
  }
  return (sum * m) / (n * (n + m))
}

/**
 * The p-value of a statistic; null where the edges hang on cells too rare for n values, and where there are
 * fewer than two: one edge is `neymanTest` over again, without its correction for small windows.
 */
export function andersonDarlingPValue(test: AndersonDarling, statistic: number, n: number): number | null {
  if (test.edges < 2 || !(test.kurtosis * (n + test.m) <= KURTOSIS_MAX * n * test.m)) return null
  return test.survival(statistic)
}
