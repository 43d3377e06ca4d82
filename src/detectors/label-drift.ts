import type { Finding } from '../events/finding.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { findingOf } from './finding-of.ts'
import type { DetectionOptions } from './options.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { percent } from './wording.ts'

/**
 * Compares the rate of positive labels with the reference, in either direction; binary models only, no
 * finding for others.
 *
 * Verdict by `verdictOf`: the end of the 99 % interval of the change that is nearer to 0, against
 * `labelRateChange`. Counts labelled predictions, so a delay that differs between the classes shows as a
 * change while labels are still coming in.
 */
export function judgeLabelDrift(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  options: DetectionOptions,
): Finding[] {
  if (reference.task !== 'binary' || window.task !== 'binary') return []
  const { n } = window
  const m = reference.n
  const { rate, referenceRate, difference, lower, upper, pValue } = rateDifference(
    window.truePositives + window.falseNegatives,
    n,
    reference.truePositives + reference.falseNegatives,
    m,
    EFFECT_CONFIDENCE,
  )
  const threshold = options.labelRateChange
  const effect = Math.abs(difference)
  const effectLower = Math.max(lower, -upper)
  return [
    findingOf({
      detector: 'label-drift',
      subject: 'label',
      verdict: verdictOf({ n, m, pValue, effect, effectLower, threshold }, options),
      statistic: 'positive-rate',
      value: rate,
      referenceValue: referenceRate,
      pValue,
      effectLower: lower,
      effectUpper: upper,
      threshold,
      n,
      m,
      message: `${percent(rate)} of ${n} labels are positive, ${percent(referenceRate)} in the reference`,
    }),
  ]
}
