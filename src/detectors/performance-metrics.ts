import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { compareBinary } from './binary-metrics.ts'
import type { KnownMetrics, MetricComparison } from './metric-comparison.ts'
import { compareMulticlass } from './multiclass-metrics.ts'
import { compareRegression } from './regression-metrics.ts'

/**
 * Every metric that the counts of the task yield, window against reference.
 * @param known of the reference, from an earlier call with the same one; what is missing is added
 * @throws STATE_IMPOSSIBLE when the two are counts of different tasks
 */
export function compareMetrics(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  known: KnownMetrics = new Map(),
): MetricComparison[] {
  if (reference.task !== window.task) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected performance counts of ${reference.task}, got ${window.task} ones`,
    )
  }
  switch (reference.task) {
    case 'binary':
      return compareBinary(reference, window, known)
    case 'multiclass':
      return compareMulticlass(reference, window, known)
    case 'regression':
      return compareRegression(reference, window, known)
  }
}
