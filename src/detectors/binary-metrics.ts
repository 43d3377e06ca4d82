import type { PerformanceCounts } from '../sketches/types.ts'
import { f1Score } from '../statistics/f1.ts'
import { accuracyOf, aucOf, brierOf, calibrationErrorOf, logLossOf } from './classification-metrics.ts'
import {
  bothSides,
  compareMeasured,
  compareShares,
  type KnownMetrics,
  type Measured,
  type MetricComparison,
  type MetricName,
  type Share,
} from './metric-comparison.ts'

/** Every metric of a binary model, window against reference. */
export function compareBinary(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  known: KnownMetrics,
): MetricComparison[] {
  const both = <Value>(metric: MetricName, of: (counts: PerformanceCounts) => Value): [Value, Value] =>
    bothSides(metric, reference, window, known, of)
  return [
    compareMeasured('auc', ...both('auc', (counts) => ({ estimate: aucOf(counts), of: counts.scored }))),
    compareShares('accuracy', ...both('accuracy', accuracyOf)),
    compareShares('precision', ...both('precision', precisionOf)),
    compareShares('recall', ...both('recall', recallOf)),
    compareMeasured('f1', ...both('f1', f1Of)),
    compareMeasured('log-loss', ...both('log-loss', logLossOf)),
    compareMeasured('brier', ...both('brier', brierOf)),
    compareMeasured(
      'calibration-error',
      ...both('calibration-error', (counts) => ({ estimate: calibrationErrorOf(counts), of: counts.scored })),
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
