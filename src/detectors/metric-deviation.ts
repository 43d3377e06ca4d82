import type { PerformanceCounts } from '../sketches/types.ts'
import { normalQuantile } from '../statistics/normal.ts'
import type { MetricName } from './metric-comparison.ts'
import { compareMetrics } from './performance-metrics.ts'
import { EFFECT_CONFIDENCE } from './verdict.ts'

/** How far one outcome moves a metric. */
export interface MetricDeviation {
  /** The metric's standard error times the root of the sample. */
  readonly deviation: number
  readonly value: number
  /** What a rise of a loss is a share of. */
  readonly scale: number
  readonly m: number
}

/** Of every metric that these counts define, on themselves. */
export function metricDeviations(counts: PerformanceCounts): Map<MetricName, MetricDeviation> {
  return new Map(
    compareMetrics(counts, counts).flatMap(({ metric, value, change, m, scale }) => {
      if (change === null || m === 0) return []
      // Both sides have the same error: the difference has the root of two of it.
      const error = (change.upper - change.lower) / 2 / normalQuantile(EFFECT_CONFIDENCE) / Math.SQRT2
      return [[metric, { deviation: error * Math.sqrt(m), value, scale, m }] as const]
    }),
  )
}
