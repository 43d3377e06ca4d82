import { CATEGORICAL_COUNTERS, NUMERIC, NUMERIC_EXTRA_CELLS, TAIL_LEVELS } from './block-shape.ts'
import { exactCount } from './feature-block.ts'
import type { CategoricalCounts, CellCounts, FeatureBlock, FeatureCounts, NumericCounts } from './types.ts'

/** Distances beyond the outermost edges, by level; see `tailLevel`. */
export interface TailCounts {
  readonly below: CellCounts
  readonly above: CellCounts
}

/** The counts of the feature at `position`: a view of the block, not to be written. */
export function featureCounts(block: FeatureBlock, position: number): FeatureCounts {
  return block.shape.kinds[position] === NUMERIC
    ? { kind: 'numeric', counts: numericView(block, position) }
    : { kind: 'categorical', counts: categoricalView(block, position) }
}

/** The tails of the numeric feature at `position`. */
export function tailCounts(block: FeatureBlock, position: number): TailCounts {
  const end = block.shape.offsets[position + 1]!
  return {
    below: exactCells(block, end - 2 * TAIL_LEVELS, end - TAIL_LEVELS),
    above: exactCells(block, end - TAIL_LEVELS, end),
  }
}

function numericView(block: FeatureBlock, position: number): NumericCounts {
  const counters = block.shape.offsets[position + 1]! - NUMERIC_EXTRA_CELLS
  return {
    bins: exactCells(block, block.shape.offsets[position]!, counters),
    missing: exactCount(block, counters),
    nan: exactCount(block, counters + 1),
    infinite: exactCount(block, counters + 2),
    wrongType: exactCount(block, counters + 3),
    min: block.extremes[2 * position]!,
    max: block.extremes[2 * position + 1]!,
  }
}

function categoricalView(block: FeatureBlock, position: number): CategoricalCounts {
  const counters = block.shape.offsets[position + 1]! - CATEGORICAL_COUNTERS
  return {
    cells: exactCells(block, block.shape.offsets[position]!, counters),
    missing: exactCount(block, counters),
    wrongType: exactCount(block, counters + 1),
  }
}

/** The cells themselves, or exact copies where one of them has wrapped. */
function exactCells(block: FeatureBlock, from: number, to: number): CellCounts {
  if (block.carries === null) return block.cells.subarray(from, to)
  let wrapped = false
  for (const cell of block.carries.keys()) wrapped ||= from <= cell && cell < to
  if (!wrapped) return block.cells.subarray(from, to)
  return Float64Array.from({ length: to - from }, (_, at) => exactCount(block, from + at))
}
