import type { OutcomePanes } from '../sketches/reference-panes.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import type { MetricName } from './metric-comparison.ts'
import { metricDeviations } from './metric-deviation.ts'
import { estimateScatter, meanScatter, type PaneScatter } from './pane-null.ts'

/** The scatter of one metric, in the unit of what is averaged. */
export interface MetricScatter extends PaneScatter {
  /** The window's metric in that unit: the square of a root. */
  readonly ofWindow: (value: number) => Float64Array
  /** A standard error in that unit, in the metric's. */
  readonly inMetric: (standardError: number, value: number) => number
}

/** How the metrics of the reference's base windows lie, and how many of them a window is as long as. */
export interface OutcomeScatter {
  readonly byMetric: ReadonlyMap<MetricName, MetricScatter>
  readonly windows: number
}

const MEAN = {
  ofWindow: (value: number): Float64Array => Float64Array.of(value),
  inMetric: (standardError: number): number => standardError,
}

const ROOT = {
  ofWindow: (value: number): Float64Array => Float64Array.of(value * value),
  inMetric: (standardError: number, value: number): number => standardError / (2 * Math.max(value, 1e-300)),
}

/**
 * The scatter of every metric that is a mean over outcomes: accuracy, log-loss, Brier score, MAE and RMSE
 * (by its square); and of a binary model's AUC, by the areas of the windows and DeLong's errors of them. F1 and
 * the like, and areas of several classes, have none: their p-values are those of independent rows.
 */
export function outcomeScatter(
  reference: PerformanceCounts,
  panes: OutcomePanes,
): OutcomeScatter['byMetric'] {
  const deviations = metricDeviations(reference)
  const byMetric = new Map<MetricName, MetricScatter>()
  const add = (
    name: MetricName,
    sums: Float64Array,
    counts: Float64Array,
    rowVariance: number,
    unit: Pick<MetricScatter, 'ofWindow' | 'inMetric'> = MEAN,
  ): void => {
    if (sums.length === 0) return
    const scatter = meanScatter(sums, counts, rowVariance)
    if (scatter !== null) byMetric.set(name, { ...scatter, ...unit })
  }
  const variance = (name: MetricName): number => (deviations.get(name)?.deviation ?? Number.NaN) ** 2
  const share = (hits: number): number => (hits / reference.n) * (1 - hits / reference.n)
  add('accuracy', panes.correct, panes.n, share(reference.correct))
  add('log-loss', panes.logLoss, panes.scored, variance('log-loss'))
  add('brier', panes.brier, panes.scored, variance('brier'))
  add('mae', panes.absolute, panes.n, variance('mae'))
  const rmse = deviations.get('rmse')
  if (rmse !== undefined) add('rmse', panes.squared, panes.n, (2 * rmse.value * rmse.deviation) ** 2, ROOT)
  const area = estimateScatter(panes.auc, panes.aucError)
  if (area !== null) byMetric.set('auc', { ...area, ...MEAN })
  return byMetric
}
