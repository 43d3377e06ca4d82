import { changeEvidence, estimateChange } from '../detectors/change-point.ts'
import { judgeDataQuality } from '../detectors/data-quality.ts'
import { judgePerformance } from '../detectors/performance.ts'
import type { Finding } from '../events/finding.ts'
import { layoutOf } from '../sketches/block-layout.ts'
import { clonePaneSketch, countsOf, mergePaneSketch } from '../sketches/pane-sketch.ts'
import type { PaneSketch, Reference } from '../sketches/types.ts'
import type { StoredPane } from '../windows/pane-store.ts'
import { judgeDrift } from './judge-model.ts'
import type { ModelOptions } from './options.ts'

/**
 * When the change behind a finding began: the start of the run of newest panes that speaks most for it.
 * Null where the finding's own statistic cannot be computed on any run of the panes.
 */
export function dateChange(
  finding: Finding,
  model: ModelOptions,
  reference: Reference,
  panes: readonly StoredPane[],
): number | null {
  const dated = panes.map(({ start, sketch }) => ({ start, counts: sketch }))
  const change = estimateChange(dated, merged, (suffix) => {
    const again = judgeAgain(finding, suffix, model, reference).find(
      ({ statistic, subject }) => statistic === finding.statistic && subject === finding.subject,
    )
    return again === undefined ? Number.NaN : changeEvidence(again)
  })
  return change?.start ?? null
}

function merged(left: PaneSketch, right: PaneSketch): PaneSketch {
  const sum = clonePaneSketch(right)
  mergePaneSketch(sum, left)
  return sum
}

/** The findings of the same detector about the same subject, on other counts. */
function judgeAgain(
  finding: Finding,
  sketch: PaneSketch,
  model: ModelOptions,
  reference: Reference,
): Finding[] {
  if (finding.detector === 'performance') {
    return reference.performance === null
      ? []
      : judgePerformance(reference.performance, sketch.performance, model.detection)
  }
  const layout = layoutOf(reference)
  const feature = reference.features.get(finding.subject)
  const position = layout.positions.get(finding.subject)
  if (feature === undefined || position === undefined) return []
  const counts = countsOf(sketch, layout, position)
  if (counts === null) return []
  return finding.detector === 'data-quality'
    ? judgeDataQuality(finding.subject, feature, counts, model.detection)
    : judgeDrift(finding.subject, feature, counts, model.detection)
}
