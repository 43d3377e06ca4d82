import { DriftstreamError } from '../errors/driftstream-error.ts'
import { addBinaryOutcome, addBinaryScore } from './binary-outcome.ts'
import { addCells, subtractCells } from './cells.ts'
import { addLimbs, subtractLimbs } from './limbs.ts'
import { addMulticlassOutcome, addMulticlassScore } from './multiclass-outcome.ts'
import type { Outcome, Prediction } from './outcome.ts'
import { limbShapeOf, OUTCOME_CELLS, OUTCOME_COUNTS, OUTCOME_SUMS } from './outcome-layout.ts'
import { addRegressionOutcome } from './regression-outcome.ts'
import type { PerformanceCounts, Task } from './types.ts'

export type { Outcome }

const NO_CELLS = new Uint32Array(0)
const NO_SUMS = new Float64Array(0)

/** Counts of no outcome at all. */
export function createPerformanceCounts(task: Task): PerformanceCounts {
  return {
    task,
    classCount: 0,
    n: 0,
    scored: 0,
    correct: 0,
    truePositives: 0,
    falsePositives: 0,
    trueNegatives: 0,
    falseNegatives: 0,
    joint: NO_CELLS,
    confusion: NO_CELLS,
    sums: NO_SUMS,
    calibration: NO_SUMS,
    scores: NO_CELLS,
    scoreSums: NO_SUMS,
    errors: NO_CELLS,
    labels: NO_CELLS,
    delays: NO_CELLS,
  }
}

/**
 * Counts the score of one prediction, whether or not a label will ever come; nothing where it has none in
 * [0, 1]. multiclass: the probability of the predicted class.
 */
export function addScore(counts: PerformanceCounts, predicted: Prediction): void {
  if (counts.task === 'binary') addBinaryScore(counts, predicted)
  else if (counts.task === 'multiclass') addMulticlassScore(counts, predicted)
}

/**
 * Counts one labelled prediction; false, with nothing counted, where a regression's prediction or label is
 * not a number of at most 2^120 (1e36) on either side of zero.
 *
 * binary: prediction and label are positive when their text is `positiveLabel`; the score is the
 * probability of the positive class, or a record that holds it. multiclass: they are compared as texts;
 * the score is a record of probabilities that holds the label's class. A score that is missing or has a
 * probability outside [0, 1] leaves `scored` and the losses alone.
 * Log-loss clips at 1e-15; Brier is (p - y)^2 for binary, the sum of it over the classes for multiclass.
 */
export function addOutcome(counts: PerformanceCounts, outcome: Outcome): boolean {
  if (counts.task === 'regression') return addRegressionOutcome(counts, outcome.prediction, outcome.label)
  if (counts.task === 'binary') addBinaryOutcome(counts, outcome)
  else addMulticlassOutcome(counts, outcome)
  return true
}

/** Can the two be merged? False for another task, and for classes of another number. */
export function performanceCountsFit(a: PerformanceCounts, b: PerformanceCounts): boolean {
  const sameClasses = a.classCount === b.classCount || a.classCount === 0 || b.classCount === 0
  return a.task === b.task && sameClasses
}

/**
 * Adds `from` to `into`: the same bytes in any order and any split.
 * @throws STATE_IMPOSSIBLE when tasks or numbers of classes differ
 */
export function mergePerformanceCounts(into: PerformanceCounts, from: PerformanceCounts): void {
  expectFit(into, from)
  if (into.classCount === 0) into.classCount = from.classCount
  for (const field of OUTCOME_COUNTS) into[field] += from[field]
  for (const name of OUTCOME_CELLS) {
    if (into[name].length === 0) into[name] = ownCopy(from[name])
    else if (from[name].length > 0) addCells(into[name], from[name])
  }
  for (const name of OUTCOME_SUMS) {
    if (into[name].length === 0) into[name] = ownCopy(from[name])
    else if (from[name].length > 0) addLimbs(into[name], from[name], limbShapeOf(name, into.task))
  }
}

/**
 * Takes `from`, which was merged into it before, out of `into`: what is left is what was counted without it.
 * @throws STATE_IMPOSSIBLE when tasks or numbers of classes differ
 */
export function subtractPerformanceCounts(into: PerformanceCounts, from: PerformanceCounts): void {
  expectFit(into, from)
  for (const field of OUTCOME_COUNTS) into[field] -= from[field]
  for (const name of OUTCOME_CELLS) {
    if (from[name].length > 0) subtractCells(into[name], from[name])
  }
  for (const name of OUTCOME_SUMS) {
    if (from[name].length > 0) subtractLimbs(into[name], from[name], limbShapeOf(name, into.task))
  }
}

/** What is counted of all predictions, labelled or not; shares its arrays with `counts`. */
export function scoresOnly({ task, classCount, scores, scoreSums }: PerformanceCounts): PerformanceCounts {
  return { ...createPerformanceCounts(task), classCount, scores, scoreSums }
}

/** A copy that shares nothing with its original. */
export function clonePerformanceCounts(counts: PerformanceCounts): PerformanceCounts {
  const copy = { ...counts }
  for (const name of OUTCOME_CELLS) copy[name] = ownCopy(copy[name])
  for (const name of OUTCOME_SUMS) copy[name] = ownCopy(copy[name])
  return copy
}

/** Nothing can be shared by all: there is nothing in it to change. */
function ownCopy<Numbers extends Uint32Array | Float64Array>(numbers: Numbers): Numbers {
  return numbers.length === 0 ? numbers : (numbers.slice() as Numbers)
}

function expectFit(into: PerformanceCounts, from: PerformanceCounts): void {
  if (performanceCountsFit(into, from)) return
  throw new DriftstreamError(
    'STATE_IMPOSSIBLE',
    `expected outcomes of a ${into.task} model with ${into.classCount} classes, got ${from.task} with ${from.classCount}`,
  )
}
