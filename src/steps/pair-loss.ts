import { commonCap } from '../detectors/compared-loss.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { isProbability, probabilityOf, textOf } from '../sketches/outcome-losses.ts'
import type { OneLoss } from '../sketches/paired-losses.ts'
import type { ModelOptions } from './options.ts'
import type { WaitingPrediction } from './prediction-columns.ts'

/**
 * What two versions lost on one event, in the order of the arguments. Graded: the Brier score, of several classes
 * halved, so that 1 is the greatest; of a regression the absolute error as a share of the cap that both have in
 * common, at most 1. Null where a score is missing or no probability, and without a cap.
 */
export function pairLoss(
  { task, positiveLabel }: ModelOptions,
  first: WaitingPrediction,
  second: WaitingPrediction,
  label: LabelEvent['label'],
): readonly [OneLoss, OneLoss] {
  if (task === 'regression') {
    const cap = commonCap(first.reference, second.reference)
    return [clippedError(first, label, cap), clippedError(second, label, cap)]
  }
  const loss = (of: WaitingPrediction): OneLoss =>
    task === 'binary' ? binaryLoss(of, label, positiveLabel) : multiclassLoss(of, label)
  return [loss(first), loss(second)]
}

function clippedError(
  { prediction }: WaitingPrediction,
  label: LabelEvent['label'],
  cap: number | null,
): OneLoss {
  const isKnown = typeof prediction === 'number' && typeof label === 'number' && cap !== null
  const error = isKnown ? Math.abs(prediction - label) / cap : Number.NaN
  return { wrong: false, graded: Number.isNaN(error) ? null : Math.min(1, error) }
}

function binaryLoss(
  { prediction, score }: WaitingPrediction,
  label: LabelEvent['label'],
  positiveLabel: string,
): OneLoss {
  const positive = textOf(label) === positiveLabel
  const probability = typeof score === 'object' ? probabilityOf(score, positiveLabel) : score
  const graded = isProbability(probability) ? (probability - (positive ? 1 : 0)) ** 2 : null
  return { wrong: (textOf(prediction) === positiveLabel) !== positive, graded }
}

function multiclassLoss({ prediction, score }: WaitingPrediction, label: LabelEvent['label']): OneLoss {
  const actual = textOf(label)
  const wrong = textOf(prediction) !== actual
  if (typeof score !== 'object' || !Object.hasOwn(score, actual)) return { wrong, graded: null }
  let brier = 0
  for (const name of Object.keys(score)) {
    const probability = score[name]
    if (!isProbability(probability)) return { wrong, graded: null }
    brier += (probability - (name === actual ? 1 : 0)) ** 2
  }
  // Probabilities that do not sum to 1 can lose more than two classes' worth.
  return { wrong, graded: Math.min(1, brier / 2) }
}
