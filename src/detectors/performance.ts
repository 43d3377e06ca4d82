import type { Finding, Verdict } from '../events/finding.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import type { EstimateDifference } from '../statistics/difference-of-estimates.ts'
import { normalQuantile } from '../statistics/normal.ts'
import { findingOf } from './finding-of.ts'
import type { KnownMetrics, MetricComparison, MetricName } from './metric-comparison.ts'
import type { TestOptions } from './options.ts'
import type { OutcomeScatter } from './outcome-scatter.ts'
import { judgeByPanes, type NullBasis } from './pane-null.ts'
import { compareMetrics } from './performance-metrics.ts'
import { standardErrorsNeeded } from './power.ts'
import { EFFECT_CONFIDENCE, type Evidence, verdictOf } from './verdict.ts'
import { decimal } from './wording.ts'

/** Metrics of which more is better; of the others less is, and of a bias neither. */
export const GAINS: ReadonlySet<MetricName> = new Set(['auc', 'accuracy', 'precision', 'recall', 'f1', 'r2'])

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
 * Brier score, MAE and RMSE decide, accuracy where `accuracyDecides` says so or no AUC is defined; the others
 * warn at most. The effect bounds are those of the change (window less reference), the errors of both priced in. A metric that a side
 * does not define (no scores, one class only) is undecided.
 * @param known metrics of the reference, from an earlier look; what is missing is added
 * @throws STATE_IMPOSSIBLE when the two are counts of different tasks
 */
export function judgePerformance(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  options: TestOptions,
  scatter: OutcomeScatter | null = null,
  known: KnownMetrics = new Map(),
): Finding[] {
  const comparisons = compareMetrics(reference, window, known)
  const isRanked = comparisons.some(({ metric, change }) => metric === 'auc' && change !== null)
  const advisory = isRanked && !options.accuracyDecides ? ADVISORY_BESIDE_AUC : ADVISORY
  return comparisons.map((comparison) => judgeMetric(comparison, advisory, options, scatter))
}

function judgeMetric(
  comparison: MetricComparison,
  advisory: ReadonlySet<MetricName>,
  options: TestOptions,
  scatter: OutcomeScatter | null,
): Finding {
  const { metric, value, referenceValue, change: independent, scale, n, m } = comparison
  const isAbsolute = GAINS.has(metric) || ABSOLUTE_LOSSES.has(metric)
  const threshold = isAbsolute ? options.performanceDrop : options.lossRise * scale
  const { change, basis } = scatteredChange(metric, value, independent, scatter)
  const worsening = change === null ? null : worseningOf(metric, change)
  // An improvement is no alarm, however sure.
  const pValue = change === null || worsening === null ? null : worsening.effect > 0 ? change.pValue : 1
  return findingOf({
    detector: 'performance',
    subject: metric,
    verdict:
      change === null || worsening === null || pValue === null
        ? 'undecided'
        : metricVerdict(metric, advisory, options, {
            n,
            m,
            pValue,
            ...worsening,
            threshold,
            resolution: standardErrorsNeeded(options.alpha) * standardErrorOf(change),
          }),
    statistic: metric,
    value,
    referenceValue,
    pValue,
    effectLower: change?.lower ?? null,
    effectUpper: change?.upper ?? null,
    threshold,
    n,
    m,
    alpha: options.alpha,
    null: basis,
    message: messageOf(comparison),
  })
}

function metricVerdict(
  metric: MetricName,
  advisory: ReadonlySet<MetricName>,
  options: TestOptions,
  evidence: Evidence,
): Verdict {
  const verdict = verdictOf(evidence, options)
  return verdict === 'drifted' && advisory.has(metric) ? 'warning' : verdict
}

/**
 * The change with the scatter of the reference's windows in its price, where that is wider than independent
 * rows let expect and the metric is one that windows are known by.
 */
function scatteredChange(
  metric: MetricName,
  value: number,
  change: EstimateDifference | null,
  scatter: OutcomeScatter | null,
): { readonly change: EstimateDifference | null; readonly basis: NullBasis } {
  const known = scatter?.byMetric.get(metric)
  if (change === null || known === undefined || scatter === null) return { change, basis: 'unknown' }
  const { basis, pValue, standardError } = judgeByPanes(
    known,
    known.ofWindow(value),
    scatter.windows,
    change.pValue,
  )
  if (basis !== 'panes') return { change, basis }
  const reach = Math.max(
    normalQuantile(EFFECT_CONFIDENCE) * known.inMetric(standardError, value),
    (change.upper - change.lower) / 2,
  )
  const { difference } = change
  return { change: { difference, lower: difference - reach, upper: difference + reach, pValue }, basis }
}

function standardErrorOf({ lower, upper }: EstimateDifference): number {
  return (upper - lower) / 2 / normalQuantile(EFFECT_CONFIDENCE)
}

/** How much worse the metric got, how much at least and at most. */
function worseningOf(
  metric: MetricName,
  { difference, lower, upper }: EstimateDifference,
): { effect: number; effectLower: number; effectUpper: number } {
  if (SHIFTS.has(metric)) {
    return {
      effect: Math.abs(difference),
      effectLower: Math.max(lower, -upper),
      effectUpper: Math.max(upper, -lower),
    }
  }
  return GAINS.has(metric)
    ? { effect: -difference, effectLower: -upper, effectUpper: -lower }
    : { effect: difference, effectLower: lower, effectUpper: upper }
}

function messageOf({ metric, value, referenceValue, n }: MetricComparison): string {
  const now = Number.isNaN(value) ? 'is not defined' : decimal(value)
  const before = Number.isNaN(referenceValue) ? 'not defined' : decimal(referenceValue)
  return `${metric} ${now} on ${n} labelled predictions, ${before} in the reference`
}
