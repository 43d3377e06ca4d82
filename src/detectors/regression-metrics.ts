import { exactTotal, exactUnits, squaresAboutMean } from '../sketches/exact-sum.ts'
import { ERROR_SUMS } from '../sketches/outcome-layout.ts'
import { foldedBins, signedBinEnds } from '../sketches/signed-bins.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { binnedQuantile } from '../statistics/binned-quantile.ts'
import { determination } from '../statistics/determination.ts'
import { type Estimate, meanWithError, rootOfEstimate } from '../statistics/mean-with-error.ts'
import {
  bothSides,
  compareMeasured,
  type KnownMetrics,
  type MetricComparison,
  type MetricName,
} from './metric-comparison.ts'

/** Every metric of a regression, window against reference. */
export function compareRegression(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  known: KnownMetrics,
): MetricComparison[] {
  const both = (metric: MetricName, of: (counts: PerformanceCounts) => Estimate | null) =>
    bothSides(metric, reference, window, known, (counts) => ({ estimate: of(counts), of: counts.n }))
  const rmse = both('rmse', rootMeanSquaredError)
  return [
    compareMeasured('mae', ...both('mae', meanAbsoluteError)),
    compareMeasured('rmse', ...rmse),
    compareMeasured('r2', ...both('r2', explainedShare)),
    compareMeasured('bias', ...both('bias', meanError), rmse[0].estimate?.value),
    compareMeasured(
      'median-absolute-error',
      ...both('median-absolute-error', (counts) => absoluteErrorQuantile(counts, 0.5)),
    ),
    compareMeasured(
      'p90-absolute-error',
      ...both('p90-absolute-error', (counts) => absoluteErrorQuantile(counts, 0.9)),
    ),
  ]
}

/** Exact but for the last digit, from exact sums. */
function meanAbsoluteError({ n, sums }: PerformanceCounts): Estimate | null {
  const absolute = exactTotal(sums, ERROR_SUMS.over) + exactTotal(sums, ERROR_SUMS.under)
  return meanWithError(n, absolute, exactTotal(sums, ERROR_SUMS.squared))
}

/** Exact but for the last digit. */
function rootMeanSquaredError({ n, sums }: PerformanceCounts): Estimate | null {
  const squared = meanWithError(n, exactTotal(sums, ERROR_SUMS.squared), exactTotal(sums, ERROR_SUMS.quartic))
  return squared === null ? null : rootOfEstimate(squared)
}

/** Mean of prediction less label: positive where the model says too much. Exact but for the last digit. */
function meanError({ n, sums, errors }: PerformanceCounts): Estimate | null {
  // A reference of an earlier writer has errors without sign.
  if (errors.length === 0) return null
  const error = exactTotal(sums, ERROR_SUMS.over) - exactTotal(sums, ERROR_SUMS.under)
  return meanWithError(n, error, exactTotal(sums, ERROR_SUMS.squared))
}

/** R². Exact but for the rounding of each squared label, 2^-53 of it; null where the labels do not vary. */
function explainedShare(counts: PerformanceCounts): Estimate | null {
  const { n, sums } = counts
  const squared = exactTotal(sums, ERROR_SUMS.squared)
  return determination(n, squared, exactTotal(sums, ERROR_SUMS.quartic), labelSquares(counts))
}

/** Squared differences of the labels from their mean, summed. */
export function labelSquares({ n, sums }: PerformanceCounts): number {
  const [positive, negative, squares] = [
    exactUnits(sums, ERROR_SUMS.labelPositive),
    exactUnits(sums, ERROR_SUMS.labelNegative),
    exactUnits(sums, ERROR_SUMS.labelSquared),
  ]
  return squaresAboutMean(n, positive, negative, squares)
}

/** Within 3.2 % of the quantile of the errors, for magnitudes from 6e-8 to 4e9; null without errors. */
export function errorQuantile({ errors }: PerformanceCounts, probability: number): Estimate | null {
  return binnedQuantile(errors, signedBinEnds, probability)
}

/** The same of the errors without their sign. */
export function absoluteErrorQuantile({ errors }: PerformanceCounts, probability: number): Estimate | null {
  return binnedQuantile(foldedBins(errors), signedBinEnds, probability)
}
