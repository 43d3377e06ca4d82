import type { Finding } from '../events/finding.ts'
import { CLASS_SCORE_BINS } from '../sketches/outcome-layout.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { normalQuantile, normalTwoSided } from '../statistics/normal.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import type { ScoreCalibration } from './score-calibration.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { percent } from './wording.ts'

/**
 * Holds the assumption of the estimates against the labels that have come: did the scores of this window
 * come true as often as in the reference? binary: the positive class; multiclass: the mean over the classes,
 * each against the rest.
 *
 * `value` is the share of hits less the share that the calibration expected, in the same predictions:
 * positive when more came true. A change here is a change of what scores mean (concept drift), and an
 * estimate without labels is off by about as much. Reported, never an alarm by itself: the verdict is at
 * most `warning`, from `performanceDrop` on. Bounds and p-value by the normal law of a sum of hits, with the
 * error of the calibration. Empty without labelled scores.
 */
export function judgeEstimateError(
  window: PerformanceCounts,
  calibration: ScoreCalibration,
  options: TestOptions,
): Finding[] {
  const { joint, task } = window
  const { probability, labelled } = calibration
  let n = 0
  let hits = 0
  let expected = 0
  let variance = 0
  for (let cell = 0; cell < joint.length / 2; cell++) {
    const count = joint[2 * cell]! + joint[2 * cell + 1]!
    if (count === 0) continue
    const m = labelled[cell]!
    const p = (probability[cell]! * m + 0.5) / (m + 1)
    n += count
    hits += joint[2 * cell + 1]!
    expected += count * probability[cell]!
    variance += count * p * (1 - p) + (count * count * p * (1 - p)) / (m + 1)
  }
  if (n === 0) return []
  const m = labelled.subarray(0, joint.length / 2).reduce((sum, count) => sum + count, 0)
  const error = (hits - expected) / n
  const standardError = Math.sqrt(variance) / n
  const reach = normalQuantile(EFFECT_CONFIDENCE) * standardError
  const pValue = error === 0 ? 1 : normalTwoSided(error / standardError)
  const threshold = options.performanceDrop
  const evidence = {
    n,
    m,
    pValue,
    effect: Math.abs(error),
    effectLower: Math.max(error - reach, -error - reach),
    threshold,
  }
  const verdict = verdictOf(evidence, options)
  // Of several classes every prediction counts once for each.
  const predictions = task === 'binary' ? n : (n * CLASS_SCORE_BINS) / (joint.length / 2)
  return [
    findingOf({
      detector: 'estimated-performance',
      subject: 'calibration',
      statistic: 'estimate-error',
      verdict: verdict === 'drifted' ? 'warning' : verdict,
      value: error,
      referenceValue: 0,
      pValue,
      effectLower: error - reach,
      effectUpper: error + reach,
      threshold,
      n: predictions,
      m,
      alpha: options.alpha,
      message: `${percent(hits / n)} of the labels came true on ${predictions} scored predictions, ${percent(expected / n)} were to be expected by the reference`,
    }),
  ]
}
