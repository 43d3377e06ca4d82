import type { Outcome, Prediction } from './outcome.ts'
import { CALIBRATION_BINS, outcomeCellCount, outcomeSumDigits } from './outcome-layout.ts'
import { addLosses, isProbability, probabilityOf, textOf } from './outcome-losses.ts'
import { addProbability } from './probability-sum.ts'
import { type PerformanceCounts, SCORE_BINS } from './types.ts'

const SCORE_BINS_PER_CALIBRATION_BIN = SCORE_BINS / CALIBRATION_BINS

export function addBinaryScore(counts: PerformanceCounts, predicted: Prediction): void {
  const probability = positiveProbability(predicted)
  if (!isProbability(probability)) return
  if (counts.scores.length === 0) {
    counts.scores = new Uint32Array(outcomeCellCount('scores', 'binary', 0))
    counts.scoreSums = new Float64Array(outcomeSumDigits('scoreSums', 'binary', 0))
  }
  const bin = binOfProbability(probability, SCORE_BINS)
  const isPositive = textOf(predicted.prediction) === predicted.positiveLabel
  const cell = bin + (isPositive ? SCORE_BINS : 0)
  counts.scores[cell] = counts.scores[cell]! + 1
  addProbability(counts.scoreSums, bin, probability)
}

export function addBinaryOutcome(counts: PerformanceCounts, outcome: Outcome): void {
  const { positiveLabel } = outcome
  const predicted = textOf(outcome.prediction) === positiveLabel
  const positive = textOf(outcome.label) === positiveLabel
  counts.n++
  if (predicted === positive) counts.correct++
  if (predicted && positive) counts.truePositives++
  else if (predicted) counts.falsePositives++
  else if (positive) counts.falseNegatives++
  else counts.trueNegatives++

  const probability = positiveProbability(outcome)
  if (!isProbability(probability)) return
  addLosses(counts, positive ? probability : 1 - probability, (probability - (positive ? 1 : 0)) ** 2)
  if (counts.joint.length === 0) {
    counts.joint = new Uint32Array(outcomeCellCount('joint', 'binary', 0))
    counts.calibration = new Float64Array(outcomeSumDigits('calibration', 'binary', 0))
  }
  const bin = binOfProbability(probability, SCORE_BINS)
  const cell = 2 * bin + (positive ? 1 : 0)
  counts.joint[cell] = counts.joint[cell]! + 1
  addProbability(counts.calibration, (bin / SCORE_BINS_PER_CALIBRATION_BIN) | 0, probability)
}

/** Equal-width bins from 0 to 1; 1 itself is in the last. */
export function binOfProbability(probability: number, bins: number): number {
  const bin = (probability * bins) | 0
  return bin < bins ? bin : bins - 1
}

function positiveProbability({ score, positiveLabel }: Prediction): number | undefined {
  return typeof score === 'object' ? probabilityOf(score, positiveLabel) : score
}
