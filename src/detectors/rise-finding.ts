import type { Finding } from '../events/finding.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import type { NullBasis } from './pane-null.ts'
import type { RiseEvidence } from './sequential/rise-evidence.ts'
import { verdictOf } from './verdict.ts'
import { decimal, percent } from './wording.ts'

/** What is watched from pane to pane: Brier scores where predictions are scored, else errors; a regression's, clipped. */
export type WatchedLoss = 'brier' | 'error-rate' | 'clipped-error'

/** A watched loss and what it is told with. */
export interface WatchedEvidence {
  readonly loss: WatchedLoss
  readonly evidence: RiseEvidence
  /** The metric (Brier score, accuracy) in the window where it got worse most surely: the size of the change. */
  readonly metric: Finding | undefined
  /** What the reference's windows say of the loss: whether the promise holds. */
  readonly basis: NullBasis
}

/**
 * What an e-detector says of the losses, as a finding. It alarms when its evidence passes the level of the
 * budget and the loss has surely risen by what matters in some window (`lossRise` of the Brier score
 * or the MAE, `performanceDrop` of the error rate): evidence alone grows without end however small the rise.
 *
 * Its promise holds while each outcome's expected loss is at most the baseline. Where the reference's own
 * windows scatter more than that (`panes`), a daily cycle breaks it, and the verdict is `warning` at most.
 * The evidence and what it must reach stand in the measures, in natural logarithms.
 */
export function judgeRiseEvidence(
  { loss, evidence, metric, basis }: WatchedEvidence,
  options: TestOptions,
): Finding[] {
  if (metric === undefined || metric.value === null || metric.referenceValue === null) return []
  const { n, m } = metric
  const isShare = loss === 'error-rate'
  const value = isShare ? 1 - metric.value : metric.value
  const before = isShare ? 1 - metric.referenceValue : metric.referenceValue
  const { lower, upper } = riseOf(metric, isShare)
  const threshold = isShare ? options.performanceDrop : options.lossRise * before
  const verdict = verdictOf(
    { n, m, pValue: evidence.drift ? 0 : 1, effect: value - before, effectLower: lower, threshold },
    options,
  )
  const text = isShare
    ? `${percent(value)} of ${n} predictions are wrong, ${percent(before)} in the reference`
    : `${metricOf(loss)} ${decimal(value)} on ${n} labelled predictions, ${decimal(before)} in the reference`
  return [
    findingOf({
      detector: 'performance',
      subject: loss,
      statistic: 'e-detector',
      verdict: verdict === 'drifted' && basis === 'panes' ? 'warning' : verdict,
      value,
      referenceValue: before,
      effectLower: lower,
      effectUpper: upper,
      threshold,
      n,
      m,
      alpha: options.alpha,
      null: basis,
      ...(metric.window === undefined ? {} : { window: metric.window }),
      measures: [
        { statistic: 'log-evidence', value: evidence.logEvidence },
        { statistic: 'log-evidence-needed', value: evidence.logThreshold },
      ],
      message: `${text}, and evidence from pane to pane says so`,
    }),
  ]
}

const METRICS = { brier: 'brier', 'error-rate': 'accuracy', 'clipped-error': 'mae' } as const

/** The metric whose change is the size of a loss's rise. */
export function metricOf(loss: WatchedLoss): 'brier' | 'accuracy' | 'mae' {
  return METRICS[loss]
}

/** Bounds of how much the loss rose; a fall of the accuracy is a rise of the error rate. */
export function riseOf(
  { effectLower, effectUpper }: Finding,
  isShare: boolean,
): { readonly lower: number; readonly upper: number } {
  const lower = effectLower ?? Number.NEGATIVE_INFINITY
  const upper = effectUpper ?? Number.POSITIVE_INFINITY
  return isShare ? { lower: -upper, upper: -lower } : { lower, upper }
}
