import { DriftstreamError } from '../errors/driftstream-error.ts'

/**
 * Exact two-sample Kolmogorov–Smirnov test of two samples of raw values of the same size, in any order.
 *
 * `distance` is the largest gap of the two empirical distribution functions, `pValue` the share of all
 * splits of distinct values that reach it (with ties it errs to the safe side). Empty samples: distance 0,
 * p-value 1. For some dozens of values: the time grows with the size times its logarithm. NaN has no place
 * in an order: keep it out.
 * Source: Gnedenko and Korolyuk 1951, in the nested form that does not cancel; compared with scipy 1.17.1
 * `stats.ks_2samp`.
 * @throws STATE_IMPOSSIBLE when the sizes differ
 */
export function ksOfEqualSamples(
  first: readonly number[],
  second: readonly number[],
): { distance: number; pValue: number } {
  const size = first.length
  if (second.length !== size) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected two samples of one size, got ${size} and ${second.length} values`,
    )
  }
  if (size === 0) return { distance: 0, pValue: 1 }
  const steps = largestGap(Float64Array.from(first).sort(), Float64Array.from(second).sort())
  return { distance: steps / size, pValue: shareOfWalksBeyond(steps, size) }
}

/** The largest difference of the numbers of values up to x, over all x. */
function largestGap(first: Float64Array, second: Float64Array): number {
  const size = first.length
  let i = 0
  let j = 0
  let gap = 0
  while (i < size && j < size) {
    const x = Math.min(first[i]!, second[j]!)
    while (i < size && first[i]! <= x) i++
    while (j < size && second[j]! <= x) j++
    gap = Math.max(gap, Math.abs(i - j))
  }
  return gap
}

/** Share of the walks of `size` steps up and `size` down that go `steps` or more from where they began. */
function shareOfWalksBeyond(steps: number, size: number): number {
  if (steps === 0) return 1
  let inner = 0
  for (let reflection = Math.floor(size / steps); reflection >= 0; reflection--) {
    let ratio = 1
    for (let j = 0; j < steps; j++) {
      ratio *= (size - reflection * steps - j) / (size + reflection * steps + j + 1)
    }
    inner = ratio * (1 - inner)
  }
  return Math.min(1, 2 * inner)
}
