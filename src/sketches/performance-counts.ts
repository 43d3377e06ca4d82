import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { addCells } from './cells.ts'
import { type PerformanceCounts, SCORE_BINS, type Task } from './types.ts'

/** A probability nearer to 0 or 1 counts as this near: the log-loss of one event is at most 34.5. */
const PROBABILITY_MIN = 1e-15

/** A prediction and what became of it. */
export interface Outcome {
  readonly prediction: FeatureEvent['prediction']
  readonly score: FeatureEvent['score']
  readonly label: LabelEvent['label']
  /** binary: the label, as text, that counts as positive. */
  readonly positiveLabel: string
}

/** The fields that are plain sums, in the order in which the codec writes them: first whole numbers. */
export const OUTCOME_COUNTS = [
  'n',
  'scored',
  'correct',
  'truePositives',
  'falsePositives',
  'trueNegatives',
  'falseNegatives',
] as const

/** The sums of doubles: their last digits depend on the order of adding. */
export const OUTCOME_SUMS = [
  'logLossSum',
  'logLossSquareSum',
  'brierSum',
  'brierSquareSum',
  'absoluteErrorSum',
  'squaredErrorSum',
  'quarticErrorSum',
] as const

/** Counts of no outcome at all. */
export function createPerformanceCounts(task: Task): PerformanceCounts {
  return {
    task,
    n: 0,
    scored: 0,
    correct: 0,
    truePositives: 0,
    falsePositives: 0,
    trueNegatives: 0,
    falseNegatives: 0,
    logLossSum: 0,
    logLossSquareSum: 0,
    brierSum: 0,
    brierSquareSum: 0,
    absoluteErrorSum: 0,
    squaredErrorSum: 0,
    quarticErrorSum: 0,
    joint: new Uint32Array(task === 'binary' ? 2 * SCORE_BINS : 0),
  }
}

/**
 * Counts one labelled prediction; false, with nothing counted, where a regression's prediction or label is
 * not a finite number (or so far apart that the fourth power of the error is none).
 *
 * binary: prediction and label are positive when their text is `positiveLabel`; the score is the
 * probability of the positive class, or a record that holds it. multiclass: they are compared as texts;
 * the score is a record of probabilities that holds the label's class. A score that is missing or has a
 * probability outside [0, 1] leaves `scored` and the losses alone.
 * Log-loss clips at 1e-15; Brier is (p - y)^2 for binary, the sum of it over the classes for multiclass.
 */
export function addOutcome(counts: PerformanceCounts, outcome: Outcome): boolean {
  if (counts.task === 'regression') return addErrors(counts, outcome.prediction, outcome.label)
  if (counts.task === 'binary') addBinary(counts, outcome)
  else addMulticlass(counts, outcome)
  return true
}

/**
 * Adds `from` to `into`.
 * @throws STATE_IMPOSSIBLE when the tasks differ
 */
export function mergePerformanceCounts(into: PerformanceCounts, from: PerformanceCounts): void {
  if (into.task !== from.task) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected outcomes of a ${into.task} model, got ${from.task}`,
    )
  }
  for (const field of OUTCOME_COUNTS) into[field] += from[field]
  for (const field of OUTCOME_SUMS) into[field] += from[field]
  addCells(into.joint, from.joint)
}

function addBinary(counts: PerformanceCounts, { prediction, score, label, positiveLabel }: Outcome): void {
  const predicted = String(prediction) === positiveLabel
  const positive = String(label) === positiveLabel
  counts.n++
  if (predicted === positive) counts.correct++
  if (predicted && positive) counts.truePositives++
  else if (predicted) counts.falsePositives++
  else if (positive) counts.falseNegatives++
  else counts.trueNegatives++

  const probability = typeof score === 'object' ? probabilityOf(score, positiveLabel) : score
  if (!isProbability(probability)) return
  addLosses(counts, positive ? probability : 1 - probability, (probability - (positive ? 1 : 0)) ** 2)
  const bin = Math.min(SCORE_BINS - 1, Math.floor(probability * SCORE_BINS))
  const cell = 2 * bin + (positive ? 1 : 0)
  counts.joint[cell] = counts.joint[cell]! + 1
}

function addMulticlass(counts: PerformanceCounts, { prediction, score, label }: Outcome): void {
  const actual = String(label)
  counts.n++
  if (String(prediction) === actual) counts.correct++
  if (typeof score !== 'object') return
  const probability = probabilityOf(score, actual)
  if (!isProbability(probability)) return
  let brier = 0
  for (const name of Object.keys(score)) {
    const other = score[name]
    if (!isProbability(other)) return
    brier += (other - (name === actual ? 1 : 0)) ** 2
  }
  addLosses(counts, probability, brier)
}

function addErrors(counts: PerformanceCounts, prediction: unknown, label: unknown): boolean {
  if (typeof prediction !== 'number' || typeof label !== 'number') return false
  const squared = (prediction - label) ** 2
  if (!Number.isFinite(squared * squared)) return false
  counts.n++
  counts.absoluteErrorSum += Math.abs(prediction - label)
  counts.squaredErrorSum += squared
  counts.quarticErrorSum += squared * squared
  return true
}

function addLosses(counts: PerformanceCounts, probabilityOfLabel: number, brier: number): void {
  const clipped = Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, probabilityOfLabel))
  const logLoss = -Math.log(clipped)
  counts.scored++
  counts.logLossSum += logLoss
  counts.logLossSquareSum += logLoss * logLoss
  counts.brierSum += brier
  counts.brierSquareSum += brier * brier
}

/** A class may be called `constructor`: only the record's own entries are probabilities. */
function probabilityOf(score: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(score, name) ? score[name] : undefined
}

function isProbability(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1
}
