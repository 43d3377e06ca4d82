import type { FeatureValue } from '../events/feature-event.ts'
import { type BlockLayout, PLACE_FIELDS, RANGE_FIELDS } from './block-layout.ts'
import { CATEGORICAL_COUNTERS, NUMERIC_EXTRA_CELLS, TAIL_LEVELS } from './block-shape.ts'
import { carry } from './feature-block.ts'
import { tailLevel } from './tail-levels.ts'
import type { FeatureBlock } from './types.ts'
import { addUnseen, unseenRank } from './unseen-sample.ts'

/** The cell of what is no number between the outermost edges. A value in a tail also counts in its level. */
export function cellOfOddNumber(
  block: FeatureBlock,
  { shape, ranges, places }: BlockLayout,
  feature: number,
  value: FeatureValue | undefined,
): number {
  const first = shape.offsets[feature]!
  const counters = shape.offsets[feature + 1]! - NUMERIC_EXTRA_CELLS
  if (value === undefined || value === null) return counters
  if (value === 'NaN') return counters + 1
  if (value === 'Infinity' || value === '-Infinity') return counters + 2
  if (typeof value !== 'number') return counters + 3
  if (Number.isNaN(value)) return counters + 1
  if (!Number.isFinite(value)) return counters + 2

  const { extremes } = block
  if (value < extremes[2 * feature]!) extremes[2 * feature] = value + 0
  if (value > extremes[2 * feature + 1]!) extremes[2 * feature + 1] = value + 0
  if (places[PLACE_FIELDS * feature + 3] === 0) return first
  const range = RANGE_FIELDS * feature
  const below = value < ranges[range]!
  const distance = below ? ranges[range]! - value : value - ranges[range + 1]!
  const levels = shape.offsets[feature + 1]! - (below ? 2 : 1) * TAIL_LEVELS
  countOne(block, levels + tailLevel(distance, ranges[range + 4]!))
  return below ? first : counters - 1
}

/** The cell of a category; an unseen one is also sampled. */
export function cellOfCategory(
  block: FeatureBlock,
  { shape, categories }: BlockLayout,
  feature: number,
  value: FeatureValue | undefined,
  eventId: string,
): number {
  const { texts, numbers, unknown, sampled } = categories[feature]!
  const first = shape.offsets[feature]!
  if (value === undefined || value === null) return shape.offsets[feature + 1]! - CATEGORICAL_COUNTERS
  const known = typeof value === 'number' ? numbers.get(value) : texts.get(String(value))
  if (known !== undefined) return first + known
  if (sampled) {
    block.unseen ??= new Map()
    const sample = block.unseen.get(feature) ?? []
    const more = addUnseen(sample, unseenRank(eventId, feature), String(value))
    if (more !== sample) block.unseen.set(feature, more)
  }
  return first + unknown
}

function countOne(block: FeatureBlock, cell: number): void {
  const more = (block.cells[cell]! + 1) >>> 0
  block.cells[cell] = more
  if (more === 0) carry(block, cell, 1)
}
