import { judgeCategoricalDrift } from '../detectors/categorical-drift.ts'
import { judgeDataQuality } from '../detectors/data-quality.ts'
import { judgeLabelDrift } from '../detectors/label-drift.ts'
import { judgeNumericDrift } from '../detectors/numeric-drift.ts'
import type { DetectionOptions } from '../detectors/options.ts'
import { judgePerformance } from '../detectors/performance.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import { layoutOf } from '../sketches/block-layout.ts'
import { countsOf } from '../sketches/pane-sketch.ts'
import { hasEnoughRows } from '../sketches/reference-fitness.ts'
import type { FeatureCounts, FeatureReference, PaneSketch, Reference } from '../sketches/types.ts'
import type { PaneStore } from '../windows/pane-store.ts'
import type { ModelOptions } from './options.ts'

/** All findings of one model at one closing pane, by what they are about. */
export interface Judgement {
  readonly quality: readonly Finding[]
  readonly data: readonly Finding[]
  readonly performance: readonly Finding[]
  readonly label: readonly Finding[]
  /** The windows judged, ending at the pane (performance: when labels count as complete). */
  readonly windows: { readonly quality: TimeRange; readonly data: TimeRange; readonly performance: TimeRange }
}

/**
 * Judges the windows that end at `end` against the reference. A window that reaches back before the
 * version's first pane is not judged: half a day against four weeks would call the night a drift.
 */
export function judgeModel(
  model: ModelOptions,
  reference: Reference,
  panes: PaneStore,
  end: number,
): Judgement {
  const { qualityMs, dataMs, performanceMs, labelDelayMs } = model.windows
  const windows = {
    quality: { fromMs: end - qualityMs, toMs: end },
    data: { fromMs: end - dataMs, toMs: end },
    performance: { fromMs: end - labelDelayMs - performanceMs, toMs: end - labelDelayMs },
  }
  const first = Math.max(panes.firstStart ?? Number.POSITIVE_INFINITY, judgedFrom(reference))
  const sum = (range: TimeRange): PaneSketch | null =>
    range.fromMs < first ? null : panes.sum(range.fromMs, range.toMs)

  const quality: Finding[] = []
  const data: Finding[] = []
  const qualitySketch = sum(windows.quality)
  const layout = layoutOf(reference)
  for (const [name, featureReference] of reference.features) {
    const windowMs = model.features.get(name)?.windowMs ?? dataMs
    const dataSketch = sum({ fromMs: end - windowMs, toMs: end })
    const position = layout.positions.get(name)!
    const dataCounts = dataSketch && countsOf(dataSketch, layout, position)
    const qualityCounts = qualitySketch && countsOf(qualitySketch, layout, position)
    if (qualityCounts !== null) {
      quality.push(...judgeDataQuality(name, featureReference, qualityCounts, model.detection))
    }
    if (dataCounts !== null) data.push(...judgeDrift(name, featureReference, dataCounts, model.detection))
  }

  const outcomes = sum(windows.performance)?.performance
  const judgeable = outcomes !== undefined && reference.performance !== null
  return {
    quality,
    // Against a reference of a few hundred rows the levels of the tests are no longer what they say.
    data: hasEnoughRows(reference) ? data : data.map((finding) => ({ ...finding, verdict: 'undecided' })),
    performance: judgeable ? judgePerformance(reference.performance, outcomes, model.detection) : [],
    label: judgeable
      ? judgeLabelDrift(reference.performance, outcomes, model.detection, reference.classes?.categories)
      : [],
    windows,
  }
}

/**
 * Where judging begins: panes that fed a reference agree with it by construction, and are no evidence that
 * the world has not changed.
 */
export function judgedFrom({ learnedUntil }: Reference): number {
  return learnedUntil ?? Number.NEGATIVE_INFINITY
}

/** The drift findings of one feature, by its kind. */
export function judgeDrift(
  name: string,
  reference: FeatureReference,
  window: FeatureCounts,
  options: DetectionOptions,
): Finding[] {
  if (reference.kind === 'numeric' && window.kind === 'numeric') {
    return judgeNumericDrift(name, reference, window.counts, options)
  }
  if (reference.kind === 'categorical' && window.kind === 'categorical') {
    return judgeCategoricalDrift(name, reference, window.counts, options)
  }
  return []
}
