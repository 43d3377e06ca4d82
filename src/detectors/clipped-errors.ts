import { foldedBins, signedBinEnds } from '../sketches/signed-bins.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { absoluteErrorQuantile } from './regression-metrics.ts'
import type { LossSums } from './sequential/mean-loss.ts'

const CLIPPED_FROM = 0.99

/**
 * The absolute error above which one counts as no worse: the reference's 99th percentile, up to the next
 * power of two. So what a detector is told of errors is bounded, and the reference hardly moves the bound.
 * Null without errors, and where nearly all are none.
 */
export function errorCap(reference: PerformanceCounts): number | null {
  const quantile = absoluteErrorQuantile(reference, CLIPPED_FROM)?.value ?? 0
  return quantile > 0 && Number.isFinite(quantile) ? 2 ** Math.ceil(Math.log2(quantile)) : null
}

/**
 * Sums of min(1, |error| / cap) and of its square over the labelled predictions of a regression. Errors are
 * taken for the upper end of their bin, on both sides of a comparison: up to a 16th more than they are.
 */
export function clippedErrors({ errors }: PerformanceCounts, cap: number): LossSums {
  let [sum, squares, n] = [0, 0, 0]
  foldedBins(errors).forEach((count, bin) => {
    if (count === 0) return
    const loss = Math.min(1, signedBinEnds(bin).upper / cap)
    n += count
    sum += count * loss
    squares += count * loss * loss
  })
  return { sum, squares, n }
}
