import type { PerformanceCounts } from '../sketches/types.ts'
import { f1Score } from '../statistics/f1.ts'
import { accuracyOf, aucOf, brierOf, calibrationErrorOf, logLossOf } from './classification-metrics.ts'
import {
  compareMeasured,
  compareShares,
  type Measured,
  type MetricComparison,
  type Share,
} from './metric-comparison.ts'

/** Every metric of a binary model, window against reference. */
export function compareBinary(reference: PerformanceCounts, window: PerformanceCounts): MetricComparison[] {
  const both = <Value>(of: (counts: PerformanceCounts) => Value): [Value, Value] => [
    of(reference),
    of(window),
  ]
  return [
    compareMeasured('auc', ...both((counts) => ({ estimate: aucOf(counts), of: counts.scored }))),
    compareShares('accuracy', ...both(accuracyOf)),
    compareShares('precision', ...both(precisionOf)),
    compareShares('recall', ...both(recallOf)),
    compareMeasured('f1', ...both(f1Of)),
    compareMeasured('log-loss', ...both(logLossOf)),
    compareMeasured('brier', ...both(brierOf)),
    compareMeasured(
      'calibration-error',
      ...both((counts) => ({ estimate: calibrationErrorOf(counts), of: counts.scored })),
    ),
  ]
}

/** Exact. */
function precisionOf({ truePositives, falsePositives }: PerformanceCounts): Share {
  return { hits: truePositives, of: truePositives + falsePositives }
}

/** Exact. */
function recallOf({ truePositives, falseNegatives }: PerformanceCounts): Share {
  return { hits: truePositives, of: truePositives + falseNegatives }
}

/** Exact. */
function f1Of({ truePositives, falsePositives, falseNegatives, n }: PerformanceCounts): Measured {
  return { estimate: f1Score(truePositives, falsePositives, falseNegatives), of: n }
}
