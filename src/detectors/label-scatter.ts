import type { ReferencePanes } from '../sketches/reference-panes.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { distributionScatter, meanScatter, type PaneScatter } from './pane-null.ts'
import type { RatePanes } from './rate-scatter.ts'
import { labelSquares } from './regression-metrics.ts'

/** How labels lie in the reference's base windows; null where the task has none of the kind, or none are known. */
export interface LabelScatter {
  /** binary: positive labels. */
  readonly positives: RatePanes | null
  /** multiclass: shares of the classes. regression: the labels' distribution. */
  readonly shares: PaneScatter | null
  /** regression: their mean. */
  readonly mean: PaneScatter | null
}

/** The scatter of labels from window to window, of every kind that the task has. */
export function labelScatter(
  reference: PerformanceCounts,
  { outcomes, labels }: ReferencePanes,
): LabelScatter {
  const { n, task } = reference
  return {
    positives:
      outcomes !== null && outcomes.positives.length > 0
        ? { hits: outcomes.positives, sizes: outcomes.n }
        : null,
    shares: distributionScatter(labels),
    mean:
      outcomes === null || task !== 'regression' || outcomes.label.length === 0 || n === 0
        ? null
        : meanScatter(outcomes.label, outcomes.n, labelSquares(reference) / n),
  }
}
