import type { Finding, Verdict } from '../events/finding.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { findingOf } from './finding-of.ts'
import type { DetectionOptions } from './options.ts'
import { compareMetrics, type MetricComparison, type MetricName } from './performance-metrics.ts'
import { verdictOf } from './verdict.ts'
import { decimal } from './wording.ts'

const GAINS: ReadonlySet<MetricName> = new Set(['auc', 'accuracy', 'precision', 'recall'])

/** They move with the share of positives alone, and so never raise an alarm by themselves. */
const ADVISORY: ReadonlySet<MetricName> = new Set(['precision', 'recall'])

/** The same of a binary model whose ranking is known: then the AUC tells skill from luck. */
const ADVISORY_BESIDE_AUC: ReadonlySet<MetricName> = new Set([...ADVISORY, 'accuracy'])

/**
 * Compares what labels say of the predictions with the reference, one finding a metric: binary AUC, accuracy,
 * precision, recall, log-loss and Brier score; multiclass accuracy, log-loss and Brier score; regression MAE
 * and RMSE. Losses are those of scored predictions, in nats and squared probability.
 *
 * Verdicts by `verdictOf` on what got worse: the sure part of a fall against `performanceDrop`, of a rise of
 * a loss against `lossRise` times the reference's loss. An improvement is stable. Precision and recall warn
 * at most, and so does accuracy where an AUC is defined. The effect bounds are those of the change (window
 * less reference), the errors of both priced in. A metric that a side does not define (no scores, one class only) is undecided.
 * @throws STATE_IMPOSSIBLE when the two are counts of different tasks
 */
export function judgePerformance(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  options: DetectionOptions,
): Finding[] {
  const comparisons = compareMetrics(reference, window)
  const isRanked = comparisons.some(({ metric, change }) => metric === 'auc' && change !== null)
  const advisory = isRanked ? ADVISORY_BESIDE_AUC : ADVISORY
  return comparisons.map((comparison) => judgeMetric(comparison, advisory, options))
}

function judgeMetric(
  comparison: MetricComparison,
  advisory: ReadonlySet<MetricName>,
  options: DetectionOptions,
): Finding {
  const { metric, value, referenceValue, change, n, m } = comparison
  const isGain = GAINS.has(metric)
  const threshold = isGain ? options.performanceDrop : options.lossRise * referenceValue
  return findingOf({
    detector: 'performance',
    subject: metric,
    verdict: metricVerdict(comparison, advisory, isGain, threshold, options),
    statistic: metric,
    value,
    referenceValue,
    pValue: change?.pValue ?? null,
    effectLower: change?.lower ?? null,
    effectUpper: change?.upper ?? null,
    threshold,
    n,
    m,
    message: messageOf(comparison),
  })
}

function metricVerdict(
  { metric, change, n, m }: MetricComparison,
  advisory: ReadonlySet<MetricName>,
  isGain: boolean,
  threshold: number,
  options: DetectionOptions,
): Verdict {
  if (change === null) return 'undecided'
  const effect = isGain ? -change.difference : change.difference
  const effectLower = isGain ? -change.upper : change.lower
  const verdict = verdictOf({ n, m, pValue: change.pValue, effect, effectLower, threshold }, options)
  return verdict === 'drifted' && advisory.has(metric) ? 'warning' : verdict
}

function messageOf({ metric, value, referenceValue, n }: MetricComparison): string {
  const now = Number.isNaN(value) ? 'is not defined' : decimal(value)
  const before = Number.isNaN(referenceValue) ? 'not defined' : decimal(referenceValue)
  return `${metric} ${now} on ${n} labelled predictions, ${before} in the reference`
}
