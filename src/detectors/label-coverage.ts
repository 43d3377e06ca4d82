import type { Finding } from '../events/finding.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import { smallestRise } from './power.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { lapse, percent } from './wording.ts'

/** Predictions of a stretch of time, and how many of them a label has reached. */
export interface LabelCoverage {
  readonly labelled: number
  readonly predictions: number
}

/**
 * Do labels come as they came? Compares the share of predictions that a label has reached with that of the
 * time before; both stretches are old enough for their labels to have come.
 *
 * A reference cannot tell: its rows are labelled or not as whoever made it liked. So this compares with the
 * longer past of the same stream and has nothing to say before there is one. Labels that come too late count
 * as missing, also those of the past that have come by now: a window that ended just now could not have them.
 * Verdict by `verdictOf` on the fall against `labelRateChange`; a rise is stable.
 * @param withinMs how soon the labels came that are counted; null: however late
 */
export function judgeLabelCoverage(
  now: LabelCoverage,
  before: LabelCoverage,
  options: TestOptions,
  withinMs: number | null = null,
): Finding[] {
  if (now.predictions === 0 || before.predictions === 0) return []
  const n = now.predictions
  const m = before.predictions
  const labelled = Math.min(now.labelled, n)
  const labelledBefore = Math.min(before.labelled, m)
  const change = rateDifference(labelled, n, labelledBefore, m, EFFECT_CONFIDENCE)
  const threshold = options.labelRateChange
  const pValue = change.difference < 0 ? change.pValue : 1
  return [
    findingOf({
      detector: 'label-coverage',
      subject: 'label',
      statistic: 'coverage',
      verdict: verdictOf(
        {
          n,
          m,
          pValue,
          effect: -change.difference,
          effectLower: -change.upper,
          effectUpper: -change.lower,
          threshold,
          resolution: smallestRise(options.alpha, n, m, 1 - change.referenceRate),
        },
        options,
      ),
      value: change.rate,
      referenceValue: change.referenceRate,
      pValue,
      effectLower: change.lower,
      effectUpper: change.upper,
      threshold,
      n,
      m,
      alpha: options.alpha,
      message: `${percent(change.rate)} of ${n} predictions have a label${withinMs === null ? '' : ` within ${lapse(withinMs)}`}, ${percent(change.referenceRate)} had in the time before`,
    }),
  ]
}
