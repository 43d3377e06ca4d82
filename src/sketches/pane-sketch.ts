import type { FeatureValue } from '../events/feature-event.ts'
import { gatherValues } from '../events/gather-values.ts'
import type { BlockLayout } from './block-layout.ts'
import { createBlockShape, shapesEqual } from './block-shape.ts'
import { featureCounts } from './block-views.ts'
import { countValues } from './count-values.ts'
import {
  cloneFeatureBlock,
  createFeatureBlock,
  mergeFeatureBlock,
  sumFeatureBlocks,
} from './feature-block.ts'
import type { Identified } from './odd-values.ts'
import {
  clonePerformanceCounts,
  createPerformanceCounts,
  mergePerformanceCounts,
  performanceCountsFit,
} from './performance-counts.ts'
import { countStagedRows, type StagedRows, stageRow } from './staged-rows.ts'
import type { BlockShape, FeatureBlock, FeatureCounts, PaneSketch, Task } from './types.ts'

const NO_FEATURES = createBlockShape(new Uint8Array(0), [])

/** Counts of nothing; the block of features comes with the first event counted on a layout. */
export function createPaneSketch(task: Task): PaneSketch {
  return { events: 0, unknownFeatures: 0, block: null, performance: createPerformanceCounts(task) }
}

/**
 * Counts the features of one event. Every feature of the layout is counted, a missing one as missing;
 * features the layout does not know add to `unknownFeatures`. Without a layout only `events` counts.
 * All events of a sketch are counted on one layout. `eventId` tells the event from all others: by it
 * values that no dictionary holds are sampled.
 */
export function addFeatures(
  sketch: PaneSketch,
  layout: BlockLayout | null,
  features: Readonly<Record<string, FeatureValue>>,
  eventId: string,
): void {
  if (layout === null) {
    sketch.events++
    return
  }
  const { values, others } = gatherValues(layout.names, features)
  addValues(sketch, layout, values, others, eventId)
}

/** Counts one event whose values are in the layout's order, `unknown` further ones beside them. */
export function addValues(
  sketch: PaneSketch,
  layout: BlockLayout,
  values: readonly (FeatureValue | undefined)[],
  unknown: number,
  eventId: string,
): void {
  countValues(blockOfEvent(sketch, layout, unknown), layout, values, eventId)
}

/**
 * As `addValues`, but the features are counted with the next `countStagedValues` only; until then no other
 * than this sketch and layout may use `rows`, and there must be room in them.
 */
export function stageValues(
  sketch: PaneSketch,
  rows: StagedRows,
  layout: BlockLayout,
  values: readonly (FeatureValue | undefined)[],
  unknown: number,
  event: Identified,
): void {
  stageRow(rows, blockOfEvent(sketch, layout, unknown), layout, values, event)
}

/** As `stageValues`, of an event whose values, all numbers, stand in the next row of `rows` already. */
export function stageNumbers(
  sketch: PaneSketch,
  rows: StagedRows,
  layout: BlockLayout,
  unknown: number,
): void {
  blockOfEvent(sketch, layout, unknown)
  rows.count++
}

/** Counts what was staged for the sketch. */
export function countStagedValues(sketch: PaneSketch, rows: StagedRows, layout: BlockLayout): void {
  if (sketch.block !== null) countStagedRows(rows, sketch.block, layout)
}

function blockOfEvent(sketch: PaneSketch, layout: BlockLayout, unknown: number): FeatureBlock {
  sketch.events++
  sketch.unknownFeatures += unknown
  sketch.block ??= createFeatureBlock(layout.shape)
  return sketch.block
}

/**
 * Adds `from` to `into`; both count on the same reference. Sketches merge in any order to the same
 * content.
 * @throws STATE_IMPOSSIBLE when `from` has other features, other edges or another task; see `sketchesFit`
 */
export function mergePaneSketch(into: PaneSketch, from: PaneSketch): void {
  if (from.block !== null) {
    if (into.block === null) into.block = cloneFeatureBlock(from.block)
    else mergeFeatureBlock(into.block, from.block)
  }
  into.events += from.events
  into.unknownFeatures += from.unknownFeatures
  mergePerformanceCounts(into.performance, from.performance)
}

/** The sum of two sketches that shares nothing with either: a copy of one with the other merged into it. */
export function sumPaneSketches(a: PaneSketch, b: PaneSketch): PaneSketch {
  const sum: PaneSketch = {
    events: a.events + b.events,
    unknownFeatures: a.unknownFeatures + b.unknownFeatures,
    block: sumOfBlocks(a.block, b.block),
    performance: clonePerformanceCounts(a.performance),
  }
  mergePerformanceCounts(sum.performance, b.performance)
  return sum
}

function sumOfBlocks(a: FeatureBlock | null, b: FeatureBlock | null): FeatureBlock | null {
  if (a !== null && b !== null) return sumFeatureBlocks(a, b)
  const one = a ?? b
  return one === null ? null : cloneFeatureBlock(one)
}

/** Can the two be merged? False where task, classes, features, kinds or numbers of cells differ. */
export function sketchesFit(a: PaneSketch, b: PaneSketch): boolean {
  if (!performanceCountsFit(a.performance, b.performance)) return false
  return a.block === null || b.block === null || shapesEqual(a.block.shape, b.block.shape)
}

/**
 * What sketches are counted on, without their counts: it fits what `known`, an outline itself, and `sketch`
 * both fit. Sketches without features, or without outcomes by class, leave that open.
 */
export function outlineOf(known: PaneSketch | null, { block, performance }: PaneSketch): PaneSketch {
  const shape = known?.block?.shape ?? block?.shape
  const classCount = known?.performance.classCount || performance.classCount
  return {
    events: 0,
    unknownFeatures: 0,
    block: shape === undefined ? null : { ...createFeatureBlock(NO_FEATURES), shape },
    performance: { ...createPerformanceCounts(performance.task), classCount },
  }
}

/** A copy that shares nothing with its original. */
export function clonePaneSketch({ events, unknownFeatures, block, performance }: PaneSketch): PaneSketch {
  return {
    events,
    unknownFeatures,
    block: block === null ? null : cloneFeatureBlock(block),
    performance: clonePerformanceCounts(performance),
  }
}

/**
 * The counts of the feature at `position` of the layout, all zero where the sketch counted no features;
 * null where it counted them on other edges. A view, not to be written.
 */
export function countsOf(
  sketch: PaneSketch,
  layout: Pick<BlockLayout, 'shape'>,
  position: number,
): FeatureCounts | null {
  if (sketch.block === null) return featureCounts(createFeatureBlock(shapeOfOne(layout.shape, position)), 0)
  return shapesEqual(sketch.block.shape, layout.shape) ? featureCounts(sketch.block, position) : null
}

function shapeOfOne({ kinds, offsets }: BlockShape, position: number): BlockShape {
  const cells = offsets[position + 1]! - offsets[position]!
  return createBlockShape(kinds.subarray(position, position + 1), [cells])
}
