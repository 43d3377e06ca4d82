import { type Counts, total } from './count-totals.ts'
import { dkwMargin } from './ks-on-grid.ts'
import { normalQuantile } from './normal.ts'
import type { Bounds } from './psi-interval.ts'

/**
 * Bounds of the Wasserstein-1 distance of two samples counted on the same bins, in the feature's own unit,
 * each holding with the given confidence by itself.
 *
 * Lower: the greater of two bounds, at half of the error each. One is certified for any law: the integral of
 * what |F - G| surely is, over the inner bins, with the bands of Dvoretzky, Kiefer and Wolfowitz around both
 * samples and each value anywhere in its bin. The other sees small moves of the whole: no function that rises
 * by at most its argument can differ in mean by more than the distance, so the means of the values clipped
 * at the outermost edges bound it, by the normal law of two means. What lies beyond these edges counts for as
 * much as it surely moved: not at all.
 * Upper: the integral of the most that |F - G| can be, over all that was seen; values beyond have none.
 * An empty sample: 0 and Infinity. Fewer than two bins: 0, and the width of all that was seen.
 * Source: Vallender, Theory of Probability and its Applications 18 (1974), for the integral; Massart, Annals
 * of Probability 18 (1990), for the bands; Kantorovich and Rubinstein (1958) for the means.
 * @param edges between the bins, rising; one less than bins
 * @param range of everything seen on both sides
 * @param worth of a row in independent rows: 1 where rows are, less where they hang together
 */
export function wassersteinBounds(
  window: Counts,
  reference: Counts,
  edges: ArrayLike<number>,
  range: { readonly min: number; readonly max: number },
  confidence: number,
  worth = 1,
): Bounds {
  const n = total(window)
  const m = total(reference)
  if (n === 0 || m === 0) return { lower: 0, upper: Number.POSITIVE_INFINITY }
  const error = 1 - confidence
  const bandAt = (missed: number): number => dkwMargin(n * worth, m * worth, 1 - missed)
  const surely = Math.max(
    integralAtLeast(window, reference, edges, bandAt(error / 2)),
    clippedMove(window, reference, edges, worth, error / 2),
  )
  return {
    lower: surely,
    upper: Math.max(surely, integralAtMost(window, reference, edges, range, bandAt(error))),
  }
}

/** Inside a bin each distribution function lies between its values at the two edges. */
function integralAtLeast(window: Counts, reference: Counts, edges: ArrayLike<number>, band: number): number {
  const n = total(window)
  const m = total(reference)
  let below = window[0]! / n
  let referenceBelow = reference[0]! / m
  let integral = 0
  for (let bin = 1; bin < edges.length; bin++) {
    const through = below + window[bin]! / n
    const referenceThrough = referenceBelow + reference[bin]! / m
    const apart = Math.max(below - referenceThrough, referenceBelow - through) - band
    if (apart > 0) integral += apart * (edges[bin]! - edges[bin - 1]!)
    below = through
    referenceBelow = referenceThrough
  }
  return integral
}

function integralAtMost(
  window: Counts,
  reference: Counts,
  edges: ArrayLike<number>,
  { min, max }: { readonly min: number; readonly max: number },
  band: number,
): number {
  const n = total(window)
  const m = total(reference)
  let below = 0
  let referenceBelow = 0
  let integral = 0
  for (let bin = 0; bin <= edges.length; bin++) {
    const low = bin === 0 ? min : edges[bin - 1]!
    const high = bin === edges.length ? max : edges[bin]!
    const through = below + window[bin]! / n
    const referenceThrough = referenceBelow + reference[bin]! / m
    const apart = Math.max(through - referenceBelow, referenceThrough - below) + band
    if (high > low) integral += Math.min(1, apart) * (high - low)
    below = through
    referenceBelow = referenceThrough
  }
  return integral
}

/** The least by which the means of the clipped values differ, 0 where that is not sure. */
function clippedMove(
  window: Counts,
  reference: Counts,
  edges: ArrayLike<number>,
  worth: number,
  error: number,
): number {
  if (edges.length < 2) return 0
  const now = clippedMeans(window, edges)
  const before = clippedMeans(reference, edges)
  const reach =
    -normalQuantile(error / 2) * Math.sqrt((now.variance / now.n + before.variance / before.n) / worth)
  return Math.max(0, now.low - before.high - reach, before.low - now.high - reach)
}

/** Means with every value at the lower, and at the upper end of its bin; variance about the middles. */
function clippedMeans(
  counts: Counts,
  edges: ArrayLike<number>,
): { readonly low: number; readonly high: number; readonly variance: number; readonly n: number } {
  const n = total(counts)
  const last = edges.length - 1
  let low = 0
  let high = 0
  for (let bin = 0; bin < counts.length; bin++) {
    low += (counts[bin]! / n) * edges[Math.max(0, bin - 1)]!
    high += (counts[bin]! / n) * edges[Math.min(last, bin)]!
  }
  const mean = (low + high) / 2
  let variance = 0
  for (let bin = 0; bin < counts.length; bin++) {
    const middle = edges[Math.max(0, bin - 1)]! / 2 + edges[Math.min(last, bin)]! / 2
    variance += (counts[bin]! / n) * (middle - mean) ** 2
  }
  return { low, high, variance, n }
}
