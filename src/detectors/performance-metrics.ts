import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { areaUnderCurve } from '../statistics/auc.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { differenceOfEstimates, type EstimateDifference } from '../statistics/difference-of-estimates.ts'
import { type Estimate, meanWithError, rootOfEstimate } from '../statistics/mean-with-error.ts'
import { EFFECT_CONFIDENCE } from './verdict.ts'

export type MetricName = 'auc' | 'accuracy' | 'precision' | 'recall' | 'log-loss' | 'brier' | 'mae' | 'rmse'

/** One metric on both sides; `change` is null where a side does not define the metric. */
export interface MetricComparison {
  readonly metric: MetricName
  readonly value: number
  readonly referenceValue: number
  readonly change: EstimateDifference | null
  /** What the metric is a mean over: labelled, scored, predicted positive or truly positive. */
  readonly n: number
  readonly m: number
}

/** An area from fewer values of a class has no normal law to speak of. */
const CLASS_MIN = 10

/**
 * Every metric that the counts of the task yield, window against reference.
 * @throws STATE_IMPOSSIBLE when the two are counts of different tasks
 */
export function compareMetrics(reference: PerformanceCounts, window: PerformanceCounts): MetricComparison[] {
  if (reference.task !== window.task) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected performance counts of ${reference.task}, got ${window.task} ones`,
    )
  }
  switch (reference.task) {
    case 'binary':
      return [
        compareAuc(reference, window),
        compareShares('accuracy', reference, window, correct),
        compareShares('precision', reference, window, precision),
        compareShares('recall', reference, window, recall),
        compareMeans('log-loss', reference, window, logLoss),
        compareMeans('brier', reference, window, brier),
      ]
    case 'multiclass':
      return [
        compareShares('accuracy', reference, window, correct),
        compareMeans('log-loss', reference, window, logLoss),
        compareMeans('brier', reference, window, brier),
      ]
    case 'regression':
      return [
        compareMeans('mae', reference, window, absoluteError),
        compareMeans('rmse', reference, window, rootSquaredError),
      ]
  }
}

interface Share {
  readonly hits: number
  readonly of: number
}

interface Mean {
  readonly estimate: Estimate | null
  readonly of: number
}

const correct = (counts: PerformanceCounts): Share => ({ hits: counts.correct, of: counts.n })

const precision = (counts: PerformanceCounts): Share => ({
  hits: counts.truePositives,
  of: counts.truePositives + counts.falsePositives,
})

const recall = (counts: PerformanceCounts): Share => ({
  hits: counts.truePositives,
  of: counts.truePositives + counts.falseNegatives,
})

const logLoss = (counts: PerformanceCounts): Mean => ({
  estimate: meanWithError(counts.scored, counts.logLossSum, counts.logLossSquareSum),
  of: counts.scored,
})

const brier = (counts: PerformanceCounts): Mean => ({
  estimate: meanWithError(counts.scored, counts.brierSum, counts.brierSquareSum),
  of: counts.scored,
})

const absoluteError = (counts: PerformanceCounts): Mean => ({
  estimate: meanWithError(counts.n, counts.absoluteErrorSum, counts.squaredErrorSum),
  of: counts.n,
})

const rootSquaredError = (counts: PerformanceCounts): Mean => {
  const squared = meanWithError(counts.n, counts.squaredErrorSum, counts.quarticErrorSum)
  return { estimate: squared === null ? null : rootOfEstimate(squared), of: counts.n }
}

function compareAuc(reference: PerformanceCounts, window: PerformanceCounts): MetricComparison {
  const auc = (counts: PerformanceCounts): Mean => ({
    estimate: smallerClass(counts) < CLASS_MIN ? null : areaUnderCurve(counts.joint),
    of: counts.scored,
  })
  return compareMeans('auc', reference, window, auc)
}

function smallerClass(counts: PerformanceCounts): number {
  let negatives = 0
  let positives = 0
  for (let cell = 0; cell < counts.joint.length; cell += 2) {
    negatives += counts.joint[cell]!
    positives += counts.joint[cell + 1]!
  }
  return Math.min(negatives, positives)
}

function compareMeans(
  metric: MetricName,
  reference: PerformanceCounts,
  window: PerformanceCounts,
  mean: (counts: PerformanceCounts) => Mean,
): MetricComparison {
  const now = mean(window)
  const before = mean(reference)
  const defined = now.estimate !== null && before.estimate !== null
  return {
    metric,
    value: now.estimate?.value ?? Number.NaN,
    referenceValue: before.estimate?.value ?? Number.NaN,
    change: defined ? differenceOfEstimates(now.estimate, before.estimate, EFFECT_CONFIDENCE) : null,
    n: now.of,
    m: before.of,
  }
}

function compareShares(
  metric: MetricName,
  reference: PerformanceCounts,
  window: PerformanceCounts,
  share: (counts: PerformanceCounts) => Share,
): MetricComparison {
  const now = share(window)
  const before = share(reference)
  const change = rateDifference(now.hits, now.of, before.hits, before.of, EFFECT_CONFIDENCE)
  return {
    metric,
    value: change.rate,
    referenceValue: change.referenceRate,
    change: now.of > 0 && before.of > 0 ? change : null,
    n: now.of,
    m: before.of,
  }
}
