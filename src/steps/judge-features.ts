import { judgeCategoricalDrift } from '../detectors/categorical-drift.ts'
import type { CompiledReference } from '../detectors/compiled-reference.ts'
import { judgeConstant } from '../detectors/constant-feature.ts'
import { judgeDataQuality } from '../detectors/data-quality.ts'
import { type EffectRule, effectRule } from '../detectors/effect.ts'
import { judgeEstimatedPerformance } from '../detectors/estimated-performance.ts'
import {
  type ComparedWindows,
  datasetFindings,
  fixedRuleFindings,
  type RuledColumn,
} from '../detectors/expert-modes.ts'
import { judgeNumericDrift } from '../detectors/numeric-drift.ts'
import type { TestOptions } from '../detectors/options.ts'
import { judgePredictionDrift, judgeScoreDrift } from '../detectors/score-drift.ts'
import type { Finding } from '../events/finding.ts'
import type { Interruptible } from '../sketches/interruptible.ts'
import { countsOf } from '../sketches/pane-sketch.ts'
import type { FeatureCounts, FeatureReference, PerformanceCounts, Reference } from '../sketches/types.ts'
import { type JudgedFeatures, judgedFeatures, type WindowStore } from '../windows/window-store.ts'
import { knowsScoreCycle } from './judged-model.ts'
import { type CountedWindow, inWindow, judgeable, type TestCount } from './judged-windows.ts'
import { type KeptLooks, keepLook, standingLook } from './kept-looks.ts'
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

type Kind = keyof FeatureFindings

const KINDS: readonly Kind[] = ['quality', 'data', 'estimates', 'classic']

function nothingFound(): FeatureFindings {
  return { quality: [], data: [], estimates: [], classic: [] }
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
 * Stops behind every feature: compiling a reference of a thousand features takes seconds.
 * @param first windows that reach back before it are not judged, epoch ms
 */
export function* judgeFeatures(
  model: ModelOptions,
  reference: Reference,
  compiled: CompiledReference,
  { store, looks }: { readonly store: WindowStore; readonly looks: KeptLooks },
  first: number,
  levels: FeatureLevels,
): Interruptible<FeatureFindings & TestCount> {
  const found = nothingFound()
  let tests = 0
  for (const family of judgedFeatures(store)) {
    const isBaseLonger = family.baseMs > store.paneMs
    const looksOfFamily = judgeable(family.windows, first, reference.m, ({ events }) => events).map(
      (window) => {
        const name = window.level > 0 && isBaseLonger ? `features ${family.baseMs} ${window.level}` : null
        const stood = name === null ? null : standingLook<Kind>(looks, name, window, window.sketch.events)
        return { window, name, stood, shown: nothingFound() }
      },
    )
    const moved = looksOfFamily.filter(({ stood }) => stood === null)
    yield* judgeWindows(model, reference, compiled, family, moved, levels)
    for (const { window, name, stood, shown } of looksOfFamily) {
      if (stood === null && name !== null) keepLook(looks, name, window, window.sketch.events, shown)
      for (const kind of KINDS) {
        found[kind].push(...(stood ?? shown)[kind])
        tests += shown[kind].length
      }
    }
  }
  return { ...found, tests }
}

/** A window that is judged, and what it shows. */
interface Look {
  readonly window: CountedWindow
  readonly shown: FeatureFindings
}

/**
 * Judges windows of one family. Feature by feature, each in all its windows: what judging needs of the
 * reference is tens of kilobytes a feature, and window by window all of it would be fetched anew each time.
 */
function* judgeWindows(
  model: ModelOptions,
  reference: Reference,
  compiled: CompiledReference,
  { baseMs, positions, shape }: JudgedFeatures,
  looks: readonly Look[],
  levels: FeatureLevels,
): Interruptible<void> {
  if (looks.length === 0) return
  const features = [...reference.features]
  const options = levels.features
  const basesOf = ({ fromMs, toMs }: CountedWindow): number => (toMs - fromMs) / (compiled.paneMs ?? baseMs)
  const columns: RuledColumn[] = []
  const comparedOf = (name: string, window: CountedWindow): ComparedWindows | null => {
    const panes = basesOf(window) === 1 ? reference.panes?.features.get(name) : undefined
    return panes === undefined ? null : { panes, means: compiled.feature(name).means }
  }
  for (const [at, position] of positions.entries()) {
    const [name, known] = features[position]!
    const isDrift = baseMs === baseMsOf(model, name)
    const rule = effectRule(options, model.features.get(name)?.effect)
    for (const { window, shown } of looks) {
      const isQuality = baseMs === model.windows.qualityMs && window.level === 0
      const counts = isDrift || isQuality ? countsOf(window.sketch, { shape }, at) : null
      if (counts === null) continue
      if (isQuality) {
        const scatter = { odd: compiled.odd(name), values: compiled.feature(name).scatter }
        const findings = judgeDataQuality(name, known, counts, options, scatter)
        shown.quality.push(...inWindow(window, findings))
      }
      if (!isDrift) continue
      const drift = judgeDrift(name, known, counts, compiled, basesOf(window), options, rule)
      shown.data.push(...inWindow(window, drift))
      if (window.level === 0) {
        const { designEffect } = compiled.feature(name)
        shown.quality.push(...inWindow(window, judgeConstant(name, known, counts, designEffect, options)))
        columns.push({ reference: known, window: counts })
        shown.classic.push(
          ...inWindow(
            window,
            fixedRuleFindings(model.classics, name, known, counts, comparedOf(name, window)),
          ),
        )
      }
    }
    yield 'part'
  }
  for (const { window, shown } of looks) {
    if (window.level === 0) shown.classic.push(...inWindow(window, datasetFindings(model.classics, columns)))
  }
  if (!knowsScoreCycle(model, reference) || baseMs !== scoreBaseMsOf(model)) return
  for (const { window, shown } of looks) {
    judgeScores(shown, reference, compiled, window, basesOf(window), levels.score)
  }
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
  rule: EffectRule,
): Finding[] {
  if (reference.kind === 'numeric' && window.kind === 'numeric') {
    return [judgeNumericDrift(name, reference, compiled.feature(name), window.counts, bases, options, rule)]
  }
  if (reference.kind === 'categorical' && window.kind === 'categorical') {
    return [judgeCategoricalDrift(name, reference, compiled.feature(name), window.counts, bases, options)]
  }
  return []
}
