import type { PerformanceCounts } from '../sketches/types.ts'
import { f1Score } from '../statistics/f1.ts'
import type { Estimate } from '../statistics/mean-with-error.ts'
import { shareEstimate } from '../statistics/share-estimate.ts'
import { accuracyOf, aucOf, brierOf, calibrationErrorOf, logLossOf } from './classification-metrics.ts'
import {
  bothSides,
  compareMacro,
  compareMeasured,
  compareShares,
  type KnownMetrics,
  type MetricComparison,
  type MetricName,
} from './metric-comparison.ts'

/**
 * Every metric of a multiclass model, window against reference. AUC, precision, recall, F1 and calibration
 * error are those of each class against the rest, averaged over the classes that both sides define; classes
 * counted together as `other` are left out.
 */
export function compareMulticlass(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  known: KnownMetrics,
): MetricComparison[] {
  const both = <Value>(metric: MetricName, of: (counts: PerformanceCounts) => Value): [Value, Value] =>
    bothSides(metric, reference, window, known, of)
  const macro = (
    metric: MetricName,
    of: (counts: PerformanceCounts, at: number) => Estimate | null,
    isScored: boolean,
  ) =>
    both(metric, (counts) => ({
      classes: Array.from({ length: counts.classCount }, (_, at) => of(counts, at)),
      of: isScored ? counts.scored : counts.n,
    }))
  return [
    compareMacro('auc', ...macro('auc', aucOf, true)),
    compareShares('accuracy', ...both('accuracy', accuracyOf)),
    compareMacro('precision', ...macro('precision', classPrecision, false)),
    compareMacro('recall', ...macro('recall', classRecall, false)),
    compareMacro('f1', ...macro('f1', classF1, false)),
    compareMeasured('log-loss', ...both('log-loss', logLossOf)),
    compareMeasured('brier', ...both('brier', brierOf)),
    compareMacro('calibration-error', ...macro('calibration-error', calibrationErrorOf, true)),
  ]
}

/** Of what was predicted as the class, the share that was it; null where nothing was. Exact. */
function classPrecision(counts: PerformanceCounts, at: number): Estimate | null {
  const { hits, predicted } = classCounts(counts, at)
  return shareEstimate(hits, predicted)
}

/** Of what was the class, the share that was predicted so; null where nothing was. Exact. */
function classRecall(counts: PerformanceCounts, at: number): Estimate | null {
  const { hits, actual } = classCounts(counts, at)
  return shareEstimate(hits, actual)
}

/** Exact; null where the class was neither predicted nor came. */
function classF1(counts: PerformanceCounts, at: number): Estimate | null {
  const { hits, predicted, actual } = classCounts(counts, at)
  return f1Score(hits, predicted - hits, actual - hits)
}

/** How often each class came, those counted together as `other` last; empty without classes. */
export function actualClasses({ confusion, classCount }: PerformanceCounts): number[] {
  if (confusion.length === 0) return []
  const size = classCount + 1
  return Array.from({ length: size }, (_, actual) => {
    let sum = 0
    for (let predicted = 0; predicted < size; predicted++) sum += confusion[actual * size + predicted]!
    return sum
  })
}

function classCounts(
  { confusion, classCount }: PerformanceCounts,
  at: number,
): { hits: number; predicted: number; actual: number } {
  const size = classCount + 1
  let predicted = 0
  let actual = 0
  if (confusion.length === 0) return { hits: 0, predicted, actual }
  for (let other = 0; other < size; other++) {
    predicted += confusion[other * size + at]!
    actual += confusion[at * size + other]!
  }
  return { hits: confusion[at * size + at]!, predicted, actual }
}
