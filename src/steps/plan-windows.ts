import { layoutOf } from '../sketches/block-layout.ts'
import { createBlockShape } from '../sketches/block-shape.ts'
import { createFeatureBlock } from '../sketches/feature-block.ts'
import { createPaneSketch } from '../sketches/pane-sketch.ts'
import type { Reference } from '../sketches/types.ts'
import { type BaseWindowsShape, reachPanes } from '../windows/base-windows.ts'
import type { FeatureWindowsPlan, WindowPlan } from '../windows/window-plan.ts'
import { coarseCellsOf } from './coarse-features.ts'
import type { ModelOptions, WindowOptions } from './options.ts'

/** What of a model says how long its windows are. */
type WindowLengths = Pick<ModelOptions, 'features' | 'windows'>

/** A change may have begun before the window that shows it first. */
const TRAIL_REACHES = 2

/** The windows of a version: the model's lengths on the reference's features. */
export function planOf(model: WindowLengths, reference: Reference, paneMs: number): WindowPlan {
  const { windows } = model
  const { names, shape } = layoutOf(reference)
  const ofLength = (baseMs: number): BaseWindowsShape => shapeOf(windows, baseMs, paneMs)
  const scoreBaseMs = scoreBaseMsOf(model)
  const positionsByBase = new Map<number, number[]>([[scoreBaseMs, []]])
  names.forEach((name, position) => {
    const baseMs = baseMsOf(model, name)
    positionsByBase.set(baseMs, [...(positionsByBase.get(baseMs) ?? []), position])
  })
  const quality = { ...ofLength(windows.qualityMs), positions: names.map((_, position) => position) }
  const features: FeatureWindowsPlan[] = [
    // Quality is judged by its base alone, unless the same windows serve the distributions.
    {
      ...(positionsByBase.has(windows.qualityMs) ? quality : { ...quality, levels: 1 }),
      withScores: windows.qualityMs === scoreBaseMs,
    },
    ...[...positionsByBase]
      .filter(([baseMs]) => baseMs !== windows.qualityMs)
      .map(([baseMs, positions]) => ({
        ...ofLength(baseMs),
        positions,
        withScores: baseMs === scoreBaseMs,
      })),
  ]
  const outcomes = ofLength(windows.performanceMs)
  const outline = createPaneSketch(reference.task)
  outline.performance.classCount = reference.classes?.categories.length ?? 0
  return {
    outline: { ...outline, block: { ...createFeatureBlock(createBlockShape(new Uint8Array(0), [])), shape } },
    features,
    outcomes,
    delayPanes: Math.round(windows.labelDelayMs / paneMs),
    coarse: reference.stage === 'cut' ? null : coarseCellsOf(reference),
    featureTrailPanes: TRAIL_REACHES * Math.max(...features.map(reachPanes)),
    outcomeTrailPanes: TRAIL_REACHES * reachPanes(outcomes),
  }
}

/** Length of a feature's base window: its own, or the model's. */
export function baseMsOf({ features, windows }: WindowLengths, feature: string): number {
  return features.get(feature)?.windowMs ?? windows.dataMs
}

/** Lengths of the windows of a base and its doublings, ms, rising. */
export function windowLengths(windows: WindowOptions, baseMs: number, paneMs: number): number[] {
  const { levels } = shapeOf(windows, baseMs, paneMs)
  return Array.from({ length: levels }, (_, level) => baseMs * 2 ** level)
}

/**
 * Length of the base window of scores and predictions, ms: they hang on every feature, so it is as long as
 * the longest of theirs. A model that looks at the weekday has scores of a weekday.
 */
export function scoreBaseMsOf({ features, windows }: WindowLengths): number {
  return Math.max(windows.dataMs, ...[...features.values()].map(({ windowMs }) => windowMs ?? 0))
}

/** How far back from a pane's end the windows that end there can reach, ms. */
export function windowsReachMs(model: WindowLengths, paneMs: number): number {
  const { windows, features } = model
  const bases = [
    windows.qualityMs,
    windows.dataMs,
    ...[...features.values()].map(({ windowMs }) => windowMs ?? 0),
  ]
  const ofData = Math.max(...bases.map((baseMs) => reachPanes(shapeOf(windows, baseMs, paneMs))))
  const ofOutcomes = reachPanes(shapeOf(windows, windows.performanceMs, paneMs))
  return paneMs * Math.max(ofData, ofOutcomes) + windows.labelDelayMs
}

/** As many doublings of the base as the longest window allows. */
function shapeOf({ longestMs }: WindowOptions, baseMs: number, paneMs: number): BaseWindowsShape {
  const levels = baseMs > longestMs ? 1 : 1 + Math.floor(Math.log2(longestMs / baseMs))
  return { basePanes: Math.max(1, Math.round(baseMs / paneMs)), levels }
}
