import { type Counts, total } from './count-totals.ts'
import type { Estimate } from './mean-with-error.ts'

/**
 * A quantile of counts on bins: the middle of the bin that holds it, so off by at most half that bin's
 * width; null without values.
 *
 * The error is half the distance between the quantiles one standard error of the share to either side, and
 * that of a value somewhere in its bin. Source: Woodruff, Journal of the American Statistical Association
 * 47 (1952).
 * @param probability from 0 to 1; @param ends of a bin
 */
export function binnedQuantile(
  counts: Counts,
  ends: (bin: number) => { lower: number; upper: number },
  probability: number,
): Estimate | null {
  const n = total(counts)
  if (n === 0) return null
  const middleAt = (share: number): number => {
    const { lower, upper } = ends(binHolding(counts, share * n))
    return (lower + upper) / 2
  }
  const { lower, upper } = ends(binHolding(counts, probability * n))
  const reach = Math.sqrt((probability * (1 - probability)) / n)
  const spread = (middleAt(Math.min(1, probability + reach)) - middleAt(Math.max(0, probability - reach))) / 2
  return {
    value: (lower + upper) / 2,
    standardError: Math.hypot(spread, (upper - lower) / Math.sqrt(12)),
  }
}

/** The first bin up to which there are so many values. */
function binHolding(counts: Counts, rank: number): number {
  let below = 0
  let last = 0
  for (let bin = 0; bin < counts.length; bin++) {
    if (counts[bin] === 0) continue
    below += counts[bin]!
    last = bin
    if (below >= rank) return bin
  }
  return last
}
