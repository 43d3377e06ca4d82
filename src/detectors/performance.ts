import type { Finding, Verdict } from '../events/finding.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import type { EstimateDifference } from '../statistics/difference-of-estimates.ts'
import { findingOf } from './finding-of.ts'
import type { MetricComparison, MetricName } from './metric-comparison.ts'
import type { DetectionOptions } from './options.ts'
import { compareMetrics } from './performance-metrics.ts'
import { verdictOf } from './verdict.ts'
import { decimal } from './wording.ts'

const GAINS: ReadonlySet<MetricName> = new Set(['auc', 'accuracy', 'precision', 'recall', 'f1', 'r2'])

/** Losses on the scale of a share, whose own value can be next to nothing: judged by their absolute rise. */
const ABSOLUTE_LOSSES: ReadonlySet<MetricName> = new Set(['calibration-error'])

/** Neither more nor less is better: a move in either direction is judged. */
const SHIFTS: ReadonlySet<MetricName> = new Set(['bias'])

/**
 * They never raise an alarm by themselves: precision, recall, F1 and calibration move with the share of
 * positives alone, R² with the spread of the labels, and what bias and quantiles show that matters shows in
 * MAE and RMSE.
 */
const ADVISORY: ReadonlySet<MetricName> = new Set([
  'precision',
  'recall',
  'f1',
  'calibration-error',
  'r2',
  'bias',
  'median-absolute-error',
  'p90-absolute-error',
])

/** The same of a model whose ranking is known: then the AUC tells skill from luck. */
const ADVISORY_BESIDE_AUC: ReadonlySet<MetricName> = new Set([...ADVISORY, 'accuracy'])

/**
 * Compares what labels say of the predictions with the reference, one finding a metric: binary and
 * multiclass AUC, accuracy, precision, recall, F1, log-loss, Brier score and calibration error (multiclass:
 * of each class against the rest, averaged); regression MAE, RMSE, R², bias, and the median and the 90th
 * percentile of the absolute error. Losses are those of scored predictions, in nats and squared probability.
 *
 * Verdicts by `verdictOf` on what got worse: the sure part of a fall, and of a rise of the calibration error,
 * against `performanceDrop`; of a rise of any other loss against `lossRise` times the reference's loss; of a
 * move of the bias against `lossRise` times the reference's RMSE. An improvement is stable. AUC, log-loss,
 * Brier score, MAE and RMSE decide, and accuracy where no AUC is defined; the others warn at most. The effect
 * bounds are those of the change (window less reference), the errors of both priced in. A metric that a side
 * does not define (no scores, one class only) is undecided.
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
  const { metric, value, referenceValue, change, scale, n, m } = comparison
  const isAbsolute = GAINS.has(metric) || ABSOLUTE_LOSSES.has(metric)
  const threshold = isAbsolute ? options.performanceDrop : options.lossRise * scale
  return findingOf({
    detector: 'performance',
    subject: metric,
    verdict: metricVerdict(comparison, advisory, threshold, options),
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
  threshold: number,
  options: DetectionOptions,
): Verdict {
  if (change === null) return 'undecided'
  const { effect, effectLower } = worseningOf(metric, change)
  const verdict = verdictOf({ n, m, pValue: change.pValue, effect, effectLower, threshold }, options)
  return verdict === 'drifted' && advisory.has(metric) ? 'warning' : verdict
}

/** How much worse the metric got, and how much at least. */
function worseningOf(
  metric: MetricName,
  { difference, lower, upper }: EstimateDifference,
): { effect: number; effectLower: number } {
  if (SHIFTS.has(metric)) return { effect: Math.abs(difference), effectLower: Math.max(lower, -upper) }
  return GAINS.has(metric)
    ? { effect: -difference, effectLower: -upper }
    : { effect: difference, effectLower: lower }
}

function messageOf({ metric, value, referenceValue, n }: MetricComparison): string {
  const now = Number.isNaN(value) ? 'is not defined' : decimal(value)
  const before = Number.isNaN(referenceValue) ? 'not defined' : decimal(referenceValue)
  return `${metric} ${now} on ${n} labelled predictions, ${before} in the reference`
}
