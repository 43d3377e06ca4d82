import type { PerformanceCounts } from '../sketches/types.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { differenceOfEstimates, type EstimateDifference } from '../statistics/difference-of-estimates.ts'
import { macroAverage } from '../statistics/macro-average.ts'
import type { Estimate } from '../statistics/mean-with-error.ts'
import { EFFECT_CONFIDENCE } from './verdict.ts'

export type MetricName =
  | 'auc'
  | 'accuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'log-loss'
  | 'brier'
  | 'calibration-error'
  | 'mae'
  | 'rmse'
  | 'r2'
  | 'bias'
  | 'median-absolute-error'
  | 'p90-absolute-error'

/** One metric on both sides; `change` is null where a side does not define the metric. */
export interface MetricComparison {
  readonly metric: MetricName
  readonly value: number
  readonly referenceValue: number
  readonly change: EstimateDifference | null
  /** What a rise of a loss is a share of: the reference's own value, or its RMSE for a bias. */
  readonly scale: number
  /** What the metric is a mean over: labelled, scored, predicted positive or truly positive. */
  readonly n: number
  readonly m: number
}

/** A value with its error, null where it is not defined, and how many values it is of. */
export interface Measured {
  readonly estimate: Estimate | null
  readonly of: number
}

export interface Share {
  readonly hits: number
  readonly of: number
}

/** What a reference's outcomes yield, by metric: worked out once, for they never change. */
export type KnownMetrics = Map<MetricName, unknown>

/** A metric's figures of both sides, the reference's from `known` where it has been asked for before. */
export function bothSides<Value>(
  metric: MetricName,
  reference: PerformanceCounts,
  window: PerformanceCounts,
  known: KnownMetrics,
  of: (counts: PerformanceCounts) => Value,
): [Value, Value] {
  if (!known.has(metric)) known.set(metric, of(reference))
  return [known.get(metric) as Value, of(window)]
}

/** Means of losses, a root of one, and areas: their squared error falls as one over the sample. */
const POOLED: ReadonlySet<MetricName> = new Set(['auc', 'log-loss', 'brier', 'mae', 'rmse'])

export function compareMeasured(
  metric: MetricName,
  before: Measured,
  now: Measured,
  scale = before.estimate?.value ?? Number.NaN,
): MetricComparison {
  const defined = now.estimate !== null && before.estimate !== null
  return {
    metric,
    value: now.estimate?.value ?? Number.NaN,
    referenceValue: before.estimate?.value ?? Number.NaN,
    change: defined
      ? differenceOfEstimates(
          now.estimate,
          before.estimate,
          EFFECT_CONFIDENCE,
          POOLED.has(metric) ? { n: now.of, m: before.of } : null,
        )
      : null,
    scale,
    n: now.of,
    m: before.of,
  }
}

/** Shares have an exact test of their own. */
export function compareShares(metric: MetricName, before: Share, now: Share): MetricComparison {
  const change = rateDifference(now.hits, now.of, before.hits, before.of, EFFECT_CONFIDENCE)
  return {
    metric,
    value: change.rate,
    referenceValue: change.referenceRate,
    change: now.of > 0 && before.of > 0 ? change : null,
    scale: change.referenceRate,
    n: now.of,
    m: before.of,
  }
}

/** Averages over the classes that both sides define: over others the two would not be the same metric. */
export function compareMacro(
  metric: MetricName,
  before: { readonly classes: readonly (Estimate | null)[]; readonly of: number },
  now: { readonly classes: readonly (Estimate | null)[]; readonly of: number },
): MetricComparison {
  const both = now.classes.flatMap((estimate, at) => {
    const other = before.classes[at] ?? null
    return estimate === null || other === null ? [] : [{ now: estimate, before: other }]
  })
  return compareMeasured(
    metric,
    { estimate: macroAverage(both.map((pair) => pair.before)), of: before.of },
    { estimate: macroAverage(both.map((pair) => pair.now)), of: now.of },
  )
}
