import type { MetricName } from '../detectors/metric-comparison.ts'
import { compareMetrics } from '../detectors/performance-metrics.ts'
import type { RetrainingOptions } from '../retraining/options.ts'
import {
  clonePerformanceCounts,
  mergePerformanceCounts,
  performanceCountsFit,
} from '../sketches/performance-counts.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import type { ModelOptions } from '../steps/options.ts'
import { BoundedSeries } from './bounded-series.ts'

/** The metric of a stretch of predictions of one version, by the labels that came in the end. */
export interface MeasuredStretch {
  readonly fromMs: number
  readonly toMs: number
  readonly version: string
  /** Labelled predictions. */
  readonly n: number
  /** Null where the stretch does not define the metric: no scores, one class alone. */
  readonly value: number | null
}

/** More stretches than these no plot can show. */
const STRETCHES_MAX = 400

const MEASURED_AS: Readonly<Record<RetrainingOptions['metric'], MetricName>> = {
  logLoss: 'log-loss',
  brier: 'brier',
  auc: 'auc',
  accuracy: 'accuracy',
  mae: 'mae',
  rmse: 'rmse',
}

/** The outcomes of one model over a whole replay, each booked to the time of its prediction. */
export class MeasuredOutcomes {
  readonly #widthMs: number
  readonly #versions = new Map<string, BoundedSeries<PerformanceCounts>>()

  constructor({ windows }: Pick<ModelOptions, 'windows'>) {
    this.#widthMs = windows.performanceMs
  }

  add(version: string, at: number, counts: PerformanceCounts): void {
    if (counts.n === 0) return
    let series = this.#versions.get(version)
    if (series === undefined) {
      series = new BoundedSeries(this.#widthMs, STRETCHES_MAX, joined)
      this.#versions.set(version, series)
    }
    series.add(at, clonePerformanceCounts(counts))
  }

  /** In time order, then by version. */
  stretches(metric: RetrainingOptions['metric']): MeasuredStretch[] {
    return [...this.#versions]
      .flatMap(([version, series]) =>
        series.stretches().map(({ fromMs, toMs, value }) => {
          return { fromMs, toMs, version, n: value.n, value: metricOf(value, metric) }
        }),
      )
      .sort((a, b) => a.fromMs - b.fromMs || (a.version < b.version ? -1 : 1))
  }
}

/** Null where the counts do not define the metric. */
export function metricOf(counts: PerformanceCounts, metric: RetrainingOptions['metric']): number | null {
  const found = compareMetrics(counts, counts).find((known) => known.metric === MEASURED_AS[metric])
  return found === undefined || Number.isNaN(found.value) ? null : found.value
}

/** Mean of the stretches, each by its labelled predictions; of an RMSE the root of the mean square. */
export function meanMetric(
  stretches: readonly MeasuredStretch[],
  metric: RetrainingOptions['metric'],
): number | null {
  let sum = 0
  let all = 0
  for (const { n, value } of stretches) {
    if (value === null) continue
    sum += n * (metric === 'rmse' ? value * value : value)
    all += n
  }
  if (all === 0) return null
  return metric === 'rmse' ? Math.sqrt(sum / all) : sum / all
}

/** Counts on other classes than those before them begin anew: they cannot be added up. */
function joined(a: PerformanceCounts, b: PerformanceCounts): PerformanceCounts {
  if (!performanceCountsFit(a, b)) return a.n >= b.n ? a : b
  mergePerformanceCounts(a, b)
  return a
}
