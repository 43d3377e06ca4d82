import { judgeCategoricalDrift } from '../detectors/categorical-drift.ts'
import type { CompiledReference } from '../detectors/compiled-reference.ts'
import { judgeConstant } from '../detectors/constant-feature.ts'
import { judgeDataQuality } from '../detectors/data-quality.ts'
import { judgeEstimatedPerformance } from '../detectors/estimated-performance.ts'
import { fixedRuleFindings } from '../detectors/expert-modes.ts'
import { judgeNumericDrift } from '../detectors/numeric-drift.ts'
import type { TestOptions } from '../detectors/options.ts'
import { judgePredictionDrift, judgeScoreDrift } from '../detectors/score-drift.ts'
import type { Finding } from '../events/finding.ts'
import { countsOf } from '../sketches/pane-sketch.ts'
import type { FeatureCounts, FeatureReference, PerformanceCounts, Reference } from '../sketches/types.ts'
import { type JudgedFeatures, judgedFeatures, type WindowStore } from '../windows/window-store.ts'
import { knowsScoreCycle } from './judged-model.ts'
import { type CountedWindow, inWindow, judgeable } from './judged-windows.ts'
import { type KeptLooks, lookAt } from './kept-looks.ts'
import type { ModelOptions } from './options.ts'
import { baseMsOf, scoreBaseMsOf } from './plan-windows.ts'

/** What the windows of features say, of every length. */
export type FeatureFindings = {
  readonly quality: Finding[]
  /** Features, scores and predictions. */
  readonly data: Finding[]
  /** Performance estimated from scores. */
  readonly estimates: Finding[]
  /** Fixed thresholds, where they are asked for. */
  readonly classic: Finding[]
}

/** What tests of features, and of scores, are judged by. */
export interface FeatureLevels {
  readonly features: TestOptions
  readonly score: TestOptions
}

/**
 * Judges every window of features against the reference: quality in its own window, distributions in the
 * feature's base and its doublings, a constant in the base alone; scores and predictions in the model's.
 * A window that stands still keeps what it showed.
 * @param first windows that reach back before it are not judged, epoch ms
 */
export function judgeFeatures(
  model: ModelOptions,
  reference: Reference,
  compiled: CompiledReference,
  { store, looks }: { readonly store: WindowStore; readonly looks: KeptLooks },
  first: number,
  levels: FeatureLevels,
): FeatureFindings {
  const found: FeatureFindings = { quality: [], data: [], estimates: [], classic: [] }
  for (const family of judgedFeatures(store)) {
    for (const window of judgeable(family.windows, first, reference.m, ({ events }) => events)) {
      const judge = () => judgeWindow(model, reference, compiled, family, window, levels)
      const standsStill = window.level > 0 && family.baseMs > store.paneMs
      const shown = standsStill
        ? lookAt(looks, `features ${family.baseMs} ${window.level}`, window, window.sketch.events, judge)
        : judge()
      found.quality.push(...shown.quality)
      found.data.push(...shown.data)
      found.estimates.push(...shown.estimates)
      found.classic.push(...shown.classic)
    }
  }
  return found
}

function judgeWindow(
  model: ModelOptions,
  reference: Reference,
  compiled: CompiledReference,
  { baseMs, positions, shape }: JudgedFeatures,
  window: CountedWindow,
  levels: FeatureLevels,
): FeatureFindings {
  const found: FeatureFindings = { quality: [], data: [], estimates: [], classic: [] }
  const features = [...reference.features]
  const bases = (window.toMs - window.fromMs) / (compiled.paneMs ?? baseMs)
  positions.forEach((position, at) => {
    const [name, known] = features[position]!
    const counts = countsOf(window.sketch, { shape }, at)
    if (counts === null) return
    const options = levels.features
    if (baseMs === model.windows.qualityMs && window.level === 0) {
      const findings = judgeDataQuality(name, known, counts, options, compiled.odd(name))
      found.quality.push(...inWindow(window, findings))
    }
    if (baseMs !== baseMsOf(model, name)) return
    found.data.push(...inWindow(window, judgeDrift(name, known, counts, compiled, bases, options)))
    if (window.level === 0) {
      const { designEffect } = compiled.feature(name)
      found.quality.push(...inWindow(window, judgeConstant(name, known, counts, designEffect, options)))
      found.classic.push(...inWindow(window, fixedRuleFindings(model.classics, name, known, counts)))
    }
  })
  if (knowsScoreCycle(model, reference) && baseMs === scoreBaseMsOf(model))
    judgeScores(found, reference, compiled, window, bases, levels.score)
  return found
}

function judgeScores(
  { data, estimates }: FeatureFindings,
  { performance, classes }: Reference,
  { score, prediction, calibration }: CompiledReference,
  window: CountedWindow,
  bases: number,
  options: TestOptions,
): void {
  const counts: PerformanceCounts = window.sketch.performance
  if (performance === null || score === null || prediction === null) return
  const names = classes?.categories ?? []
  data.push(
    ...inWindow(window, [
      judgeScoreDrift(score, counts, bases, options),
      judgePredictionDrift(prediction, counts, names, bases, options),
    ]),
  )
  if (calibration === null) return
  estimates.push(
    ...inWindow(window, judgeEstimatedPerformance(performance, counts, calibration, options, score.scatter)),
  )
}

/** The drift finding of one feature, by its kind. */
function judgeDrift(
  name: string,
  reference: FeatureReference,
  window: FeatureCounts,
  compiled: CompiledReference,
  bases: number,
  options: TestOptions,
): Finding[] {
  if (reference.kind === 'numeric' && window.kind === 'numeric') {
    return [judgeNumericDrift(name, reference, compiled.feature(name), window.counts, bases, options)]
  }
  if (reference.kind === 'categorical' && window.kind === 'categorical') {
    return [judgeCategoricalDrift(name, reference, compiled.feature(name), window.counts, bases, options)]
  }
  return []
}
