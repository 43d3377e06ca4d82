import { type CoarseCells, coarseCounts, packCoarse, unpackCoarse } from '../sketches/coarse-cells.ts'
import { createPerformanceCounts, scoresOnly } from '../sketches/performance-counts.ts'
import { selectedShape, selectFeatures } from '../sketches/select-features.ts'
import type { BlockShape, PaneSketch } from '../sketches/types.ts'
import {
  areEmpty,
  type BaseWindows,
  closePane,
  correctPane,
  createBaseWindows,
  windowsByLevel,
} from './base-windows.ts'
import { type ChangeTrail, correctTrail, createChangeTrail, extendTrail } from './change-trail.ts'
import type { NumberedWindow } from './dyadic-sums.ts'
import type { WindowPlan } from './window-plan.ts'

/** The windows of some features, all with one length of the base window. */
export interface FeatureFamily {
  readonly positions: readonly number[]
  readonly shape: BlockShape
  readonly withScores: boolean
  readonly windows: BaseWindows
}

/** All windows of a version's features, and the trail of their panes: plain data. */
export interface FeatureWindows {
  readonly families: readonly FeatureFamily[]
  trail: { readonly coarse: CoarseCells; readonly rows: ChangeTrail } | null
}

export function createFeatureWindows(plan: WindowPlan, end: number): FeatureWindows {
  const { outline, features, coarse, featureTrailPanes } = plan
  const families = features.map((family) => ({
    positions: family.positions,
    shape: selectedShape(outline.block!.shape, family.positions),
    withScores: family.withScores,
    windows: createBaseWindows(family, end),
  }))
  const trail = coarse === null ? null : { coarse, rows: createChangeTrail(featureTrailPanes, end) }
  return { families, trail }
}

/** Closes the next pane of every family; the sketch stays the caller's. */
export function closeFeatures({ families, trail }: FeatureWindows, pane: PaneSketch | null): void {
  for (const family of families) closePane(family.windows, pane && selected(pane, family))
  if (trail !== null) extendTrail(trail.rows, coarseRow(trail.coarse, pane), adding(trail.coarse))
}

/** Adds late counts to every window that holds the pane; false where all of them are over. */
export function correctFeatures(of: FeatureWindows, pane: number, sketch: PaneSketch): boolean {
  const { families, trail } = of
  let reached = false
  for (const family of families) {
    const late = selected(sketch, family)
    if (late !== null) reached = correctPane(family.windows, pane, late) || reached
  }
  const row = trail && coarseRow(trail.coarse, sketch)
  if (row !== null) correctTrail(trail!.rows, pane, row, adding(trail!.coarse))
  return reached
}

/** The windows of a family by level, in numbers of panes. */
export function familyWindows({ windows }: FeatureFamily): NumberedWindow[] {
  return windowsByLevel(windows)
}

export function hasNoFeatures({ families, trail }: FeatureWindows): boolean {
  return families.every(({ windows }) => areEmpty(windows)) && (trail?.rows.rows.length ?? 0) === 0
}

/** What of a sketch is the family's; null where nothing is: only labels were booked into it. */
function selected(
  { events, unknownFeatures, block, performance }: PaneSketch,
  { positions, shape, withScores }: FeatureFamily,
): PaneSketch | null {
  const isScored = withScores && performance.scores.length > 0
  if (block === null && !isScored) return null
  return {
    events,
    unknownFeatures,
    block: block === null ? null : selectFeatures(block, positions, shape),
    performance: isScored ? scoresOnly(performance) : createPerformanceCounts(performance.task),
  }
}

function coarseRow(coarse: CoarseCells, pane: PaneSketch | null): Uint8Array | null {
  return pane?.block ? packCoarse(coarseCounts(coarse, pane.block)) : null
}

function adding({ from }: CoarseCells): (a: Uint8Array, b: Uint8Array) => Uint8Array {
  return (a, b) => {
    const sum = unpackCoarse(a, from.length)
    unpackCoarse(b, from.length).forEach((count, run) => {
      sum[run]! += count
    })
    return packCoarse(sum)
  }
}
