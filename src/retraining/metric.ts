import type { WeightedStatistic } from '../statistics/bootstrap-interval.ts'
import { aucPlacements } from './auc-placements.ts'
import { absoluteError, brier, logLoss, type RowLoss, squaredError, zeroOne } from './loss.ts'
import type { RetrainingOptions } from './options.ts'
import { isPositive, type JudgedOutcome, type Problem, positiveScore } from './outcome.ts'
import { weightedAuc } from './weighted-auc.ts'

export type Metric = RetrainingOptions['metric']

/** As people write them. */
export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  logLoss: 'log-loss',
  brier: 'Brier score',
  auc: 'AUC',
  accuracy: 'accuracy',
  mae: 'MAE',
  rmse: 'RMSE',
}

/** Of these more is better; of the others less. */
export const GAINS: ReadonlySet<Metric> = new Set<Metric>(['auc', 'accuracy'])

/** A metric that is a function of one mean of row losses. */
const MEANS: Readonly<Record<Exclude<Metric, 'auc'>, { loss: RowLoss; of: (mean: number) => number }>> = {
  logLoss: { loss: logLoss, of: (mean) => mean },
  brier: { loss: brier, of: (mean) => mean },
  accuracy: { loss: zeroOne, of: (mean) => 1 - mean },
  mae: { loss: absoluteError, of: (mean) => mean },
  rmse: { loss: squaredError, of: Math.sqrt },
}

/** Can the metric be told of this row? Not without a score where it reads one, nor for another task. */
export function isMeasurable(metric: Metric, problem: Problem, row: JudgedOutcome): boolean {
  return metric === 'auc'
    ? positiveScore(problem, row.outcome) !== null
    : MEANS[metric].loss(problem, row) !== null
}

/**
 * The metric of fixed rows under weights: row losses or ranks are worked out once, each weighting costs one
 * pass. Null where a weighting has no such metric (AUC of one class). Expects measurable rows alone.
 */
export function weightedMetric(
  metric: Metric,
  problem: Problem,
  rows: readonly JudgedOutcome[],
): WeightedStatistic {
  if (metric === 'auc') return weightedAuc(...scoresAndClasses(problem, rows))
  const losses = rowParts(metric, problem, rows)
  const { of } = MEANS[metric]
  return (weights) => {
    let sum = 0
    let n = 0
    for (let row = 0; row < losses.length; row++) {
      sum += weights[row]! * losses[row]!
      n += weights[row]!
    }
    return n === 0 ? null : of(sum / n)
  }
}

/** What each row adds to the metric: its loss or, of the AUC, its placement. Expects measurable rows alone. */
export function rowParts(metric: Metric, problem: Problem, rows: readonly JudgedOutcome[]): Float64Array {
  if (metric === 'auc') return aucPlacements(...scoresAndClasses(problem, rows))
  const { loss } = MEANS[metric]
  return Float64Array.from(rows, (row) => loss(problem, row) ?? Number.NaN)
}

function scoresAndClasses(problem: Problem, rows: readonly JudgedOutcome[]): [Float64Array, Uint8Array] {
  return [
    Float64Array.from(rows, ({ outcome }) => positiveScore(problem, outcome) ?? Number.NaN),
    Uint8Array.from(rows, ({ label }) => Number(isPositive(problem, label))),
  ]
}

/** The metric of a list of rows; null for an empty list, a row that is not measurable, AUC of one class. */
export function metricOf(metric: Metric, problem: Problem, rows: readonly JudgedOutcome[]): number | null {
  if (!rows.every((row) => isMeasurable(metric, problem, row))) return null
  return weightedMetric(metric, problem, rows)(new Uint32Array(rows.length).fill(1))
}
