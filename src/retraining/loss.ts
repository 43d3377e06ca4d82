import { isPositive, type JudgedOutcome, type Problem, positiveScore } from './outcome.ts'

/** Loss of one row; null where the row has no such loss: no usable score, or a loss of another task. */
export type RowLoss = (problem: Problem, row: JudgedOutcome) => number | null

/** A probability of 0 for what happened costs -ln(1e-15) = 34.5, not infinity. */
const PROBABILITY_MIN = 1e-15

/** Negative natural logarithm of the probability given to what happened, clipped at 1e-15; binary. Nats. */
export const logLoss: RowLoss = (problem, { label, outcome }) => {
  const p = positiveProbability(problem, outcome)
  if (p === null) return null
  return -Math.log(Math.max(isPositive(problem, label) ? p : 1 - p, PROBABILITY_MIN))
}

/**
 * Squared distance of the positive class's probability from what happened, 0 to 1; binary.
 * Source: Brier, Monthly Weather Review 78 (1950), halved as is usual for two classes.
 */
export const brier: RowLoss = (problem, { label, outcome }) => {
  const p = positiveProbability(problem, outcome)
  return p === null ? null : (p - (isPositive(problem, label) ? 1 : 0)) ** 2
}

/** 0 where the predicted class is the label, as text; 1 otherwise. Null for regression. */
export const zeroOne: RowLoss = ({ task }, { label, outcome }) =>
  task === 'regression' ? null : Number(String(outcome.prediction) !== String(label))

/** Distance of a regression's prediction from the label, in the label's unit. */
export const absoluteError: RowLoss = ({ task }, { label, outcome: { prediction } }) =>
  task === 'regression' && isFiniteNumber(prediction) && isFiniteNumber(label)
    ? Math.abs(prediction - label)
    : null

/** Squared distance of a regression's prediction from the label, in the label's unit squared. */
export const squaredError: RowLoss = (problem, row) => {
  const error = absoluteError(problem, row)
  return error === null ? null : error ** 2
}

function positiveProbability(problem: Problem, outcome: JudgedOutcome['outcome']): number | null {
  const score = positiveScore(problem, outcome)
  return score !== null && score >= 0 && score <= 1 ? score : null
}

function isFiniteNumber(value: number | string | boolean): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
