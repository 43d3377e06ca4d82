import { probabilityTotal } from '../sketches/probability-sum.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { areaUnderCurve } from '../statistics/auc.ts'
import type { Estimate } from '../statistics/mean-with-error.ts'
import type { ScoreCalibration } from './score-calibration.ts'

/** What the performance is likely to be, by the scores alone; NaN where the task does not define it. */
export interface PerformanceEstimate {
  readonly n: number
  /** With the error of the outcomes to come and of the calibration. */
  readonly accuracy: Estimate
  readonly f1: number
  readonly auc: number
  /** Nats. */
  readonly logLoss: number
}

/**
 * Estimates the performance of scored predictions without their labels (CBPE: confidence-based performance
 * estimation): a score that came true with probability p in the reference is taken to come true with p now.
 * Accuracy sums the probability that each prediction is right; F1 the expected confusion counts; the area
 * under the curve and the log-loss take each bin's expected positives and negatives (binary only).
 *
 * The standard error of the accuracy holds both that outcomes are chance, sqrt(mean g (1 - g) / n), and that
 * the calibration was counted from a sample. Null without scored predictions.
 * Source: NannyML, "Performance estimation", CBPE; the errors by the binomial law and the delta method.
 */
export function estimatePerformance(
  window: PerformanceCounts,
  calibration: ScoreCalibration,
): PerformanceEstimate | null {
  const { scores, task } = window
  const { bins, probability, labelled } = calibration
  let n = 0
  let right = 0
  let chance = 0
  let uncertainty = 0
  if (scores.length === 0) return null
  const classes = scores.length / bins
  for (let bin = 0; bin < bins; bin++) {
    for (let at = 0; at < classes; at++) {
      const count = scores[at * bins + bin]!
      if (count === 0) continue
      const g = chanceOfBeingRight(calibration, task, at, bin)
      n += count
      right += count * g
      chance += count * g * (1 - g)
    }
  }
  if (n === 0) return null
  for (let cell = 0; cell < probability.length; cell++) {
    const lever = task === 'binary' ? (scores[cell + bins] ?? 0) - (scores[cell] ?? 0) : (scores[cell] ?? 0)
    if (lever === 0) continue
    // Half a hit of each kind: a bin that never failed may yet.
    const m = labelled[cell]!
    const p = (probability[cell]! * m + 0.5) / (m + 1)
    uncertainty += (lever / n) ** 2 * ((p * (1 - p)) / (m + 1))
  }
  return {
    n,
    accuracy: { value: right / n, standardError: Math.sqrt(chance / n / n + uncertainty) },
    ...(task === 'binary' ? binaryEstimates(window, calibration) : NOTHING_MORE),
  }
}

/** The probability that a prediction in this cell of the scores is right. */
export function chanceOfBeingRight(
  { bins, probability }: ScoreCalibration,
  task: PerformanceCounts['task'],
  at: number,
  bin: number,
): number {
  if (task !== 'binary') return probability[at * bins + bin]!
  return at === 1 ? probability[bin]! : 1 - probability[bin]!
}

const NOTHING_MORE = { f1: Number.NaN, auc: Number.NaN, logLoss: Number.NaN }

function binaryEstimates({ scores, scoreSums }: PerformanceCounts, { bins, probability }: ScoreCalibration) {
  const joint = new Float64Array(2 * bins)
  let truePositives = 0
  let wrong = 0
  let logLoss = 0
  let n = 0
  for (let bin = 0; bin < bins; bin++) {
    const negative = scores[bin]!
    const positive = scores[bins + bin]!
    const count = negative + positive
    if (count === 0) continue
    const p = probability[bin]!
    n += count
    joint[2 * bin] = count * (1 - p)
    joint[2 * bin + 1] = count * p
    truePositives += positive * p
    wrong += positive * (1 - p) + negative * p
    const score = Math.min(
      1 - PROBABILITY_MIN,
      Math.max(PROBABILITY_MIN, probabilityTotal(scoreSums, bin) / count),
    )
    logLoss -= count * (p * Math.log(score) + (1 - p) * Math.log(1 - score))
  }
  return {
    f1: (2 * truePositives) / (2 * truePositives + wrong),
    auc: areaUnderCurve(joint)?.value ?? Number.NaN,
    logLoss: logLoss / n,
  }
}

/** As the losses of outcomes are clipped. */
const PROBABILITY_MIN = 1e-15
