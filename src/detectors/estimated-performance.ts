import type { Finding } from '../events/finding.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { normalQuantile, normalTwoSided } from '../statistics/normal.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import { borrowedNull, type PaneScatter } from './pane-null.ts'
import { chanceOfBeingRight, estimatePerformance, type PerformanceEstimate } from './performance-estimate.ts'
import { standardErrorsNeeded } from './power.ts'
import type { ScoreCalibration } from './score-calibration.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { percent } from './wording.ts'

/**
 * Judges the performance that scores alone let expect, before any label: is the model less sure of being
 * right than it was over the reference's predictions?
 *
 * The accuracies of both sides are estimated by the reference's calibration (`estimatePerformance`), so the
 * question is whether the scores moved to where the model errs more. p-value by the normal law of the
 * difference of two means of the chance of being right; the bounds also hold the error of the calibration.
 * Verdict by `verdictOf` on the fall against `performanceDrop`; a rise is stable. F1, AUC and log-loss are
 * estimated beside it.
 *
 * The assumption: labels follow scores as they did in the reference. A change of what the features mean is
 * not seen here, only in labels; `judgeEstimateError` checks past estimates against them.
 * Empty without scores on either side.
 * @param scatter of the scores over the reference's windows, on which the estimate hangs
 */
export function judgeEstimatedPerformance(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  calibration: ScoreCalibration,
  options: TestOptions,
  scatter: PaneScatter | null = null,
): Finding[] {
  const now = estimatePerformance(window, calibration)
  const { estimate: before, spread } = estimateOfReference(reference, calibration)
  if (now === null || before === null) return []
  const { n } = now
  const m = before.n
  const change = now.accuracy.value - before.accuracy.value
  const scale = Math.sqrt(1 / n + 1 / m)
  const error = Math.max(Math.sqrt(spread), 0.5 / m) * scale
  const { pValue, basis } = borrowedNull(scatter, change < 0 ? normalTwoSided(change / error) : 1)
  const worth = basis === 'panes' && scatter !== null ? Math.sqrt(scatter.designEffect) : 1
  const ownSpread = chanceVariance(window, calibration, now.accuracy.value)
  const reach =
    normalQuantile(EFFECT_CONFIDENCE) *
    Math.hypot(
      worth * Math.sqrt(ownSpread / n + spread / m),
      calibrationError(reference, window, calibration),
    )
  const threshold = options.performanceDrop
  const outcome = normalQuantile(EFFECT_CONFIDENCE) * now.accuracy.standardError
  return [
    findingOf({
      detector: 'estimated-performance',
      subject: 'accuracy',
      statistic: 'accuracy',
      verdict: verdictOf(
        {
          n,
          m,
          pValue,
          effect: -change,
          effectLower: -change - reach,
          effectUpper: -change + reach,
          threshold,
          resolution: standardErrorsNeeded(options.alpha) * error * worth,
        },
        options,
      ),
      value: now.accuracy.value,
      referenceValue: before.accuracy.value,
      pValue,
      effectLower: change - reach,
      effectUpper: change + reach,
      threshold,
      n,
      m,
      alpha: options.alpha,
      null: basis,
      measures: [
        {
          statistic: 'estimated-accuracy',
          value: now.accuracy.value,
          lower: now.accuracy.value - outcome,
          upper: now.accuracy.value + outcome,
        },
        { statistic: 'estimated-f1', value: now.f1 },
        { statistic: 'estimated-auc', value: now.auc },
        { statistic: 'estimated-log-loss', value: now.logLoss },
      ],
      message: `accuracy is likely ${percent(now.accuracy.value)} on ${n} predictions by their scores alone, ${percent(before.accuracy.value)} in the reference, if labels still follow scores as they did`,
    }),
  ]
}

interface ReferenceEstimate {
  readonly reference: PerformanceCounts
  readonly estimate: PerformanceEstimate | null
  /** Variance of the chance of being right. */
  readonly spread: number
}

/** A reference's outcomes never change, and its calibration is forgotten with them. */
const ofReferences = new WeakMap<ScoreCalibration, ReferenceEstimate>()

function estimateOfReference(reference: PerformanceCounts, calibration: ScoreCalibration): ReferenceEstimate {
  let known = ofReferences.get(calibration)
  if (known?.reference !== reference) {
    const estimate = estimatePerformance(reference, calibration)
    const spread = estimate === null ? 0 : chanceVariance(reference, calibration, estimate.accuracy.value)
    known = { reference, estimate, spread }
    ofReferences.set(calibration, known)
  }
  return known
}

/** Variance of the chance of being right from prediction to prediction; `mean` is its mean. */
export function chanceVariance(
  counts: PerformanceCounts,
  calibration: ScoreCalibration,
  mean: number,
): number {
  const { bins } = calibration
  let n = 0
  let squares = 0
  for (let cell = 0; cell < counts.scores.length; cell++) {
    const count = counts.scores[cell]!
    if (count === 0) continue
    const g = chanceOfBeingRight(calibration, counts.task, Math.floor(cell / bins), cell % bins)
    n += count
    squares += count * (g - mean) ** 2
  }
  return n === 0 ? 0 : squares / n
}

/** Standard error of the difference that comes of a calibration counted from a sample. */
function calibrationError(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  { bins, probability, labelled }: ScoreCalibration,
): number {
  const leverOf = ({ scores, task }: PerformanceCounts): ((cell: number) => number) => {
    let n = 0
    for (const count of scores) n += count
    return (cell) =>
      (task === 'binary' ? (scores[cell + bins] ?? 0) - (scores[cell] ?? 0) : (scores[cell] ?? 0)) / n
  }
  const now = leverOf(window)
  const before = leverOf(reference)
  let variance = 0
  for (let cell = 0; cell < probability.length; cell++) {
    const m = labelled[cell]!
    const p = (probability[cell]! * m + 0.5) / (m + 1)
    variance += (now(cell) - before(cell)) ** 2 * ((p * (1 - p)) / (m + 1))
  }
  return Math.sqrt(variance)
}
