import type { FeatureValue } from '../events/feature-event.ts'
import { type BlockLayout, COUNT_AS, PLACE_FIELDS, RANGE_FIELDS } from './block-layout.ts'
import { CATEGORICAL_COUNTERS, NUMERIC_EXTRA_CELLS, TAIL_LEVELS } from './block-shape.ts'
import { carry } from './feature-block.ts'
import { bitsCell } from './guide-cells.ts'
import { tailLevel } from './tail-levels.ts'
import type { FeatureBlock } from './types.ts'
import { addUnseen, unseenRank } from './unseen-sample.ts'

/**
 * Counts the values of one event, in the layout's order. The hottest loop of all: what is common stays in
 * it, what is rare is a call.
 *
 * numeric: finite numbers in the bin that a binary search over the edges would find; what is no number as
 * `addNumeric` says. categorical: as `addCategorical` says, and what is unseen is sampled by `eventId`.
 */
export function countValues(
  block: FeatureBlock,
  layout: BlockLayout,
  values: readonly (FeatureValue | undefined)[],
  eventId: string,
): void {
  const { cells, extremes } = block
  const { countAs, ranges, places, edges, guides, categories, shape } = layout
  const { offsets } = shape
  for (let feature = 0; feature < countAs.length; feature++) {
    const value = values[feature]
    const as = countAs[feature]!
    let cell = offsets[feature]!
    if (as === COUNT_AS.category) {
      const { texts, numbers } = categories[feature]!
      const known =
        typeof value === 'string'
          ? texts.get(value)
          : typeof value === 'number'
            ? numbers.get(value)
            : undefined
      cell = known === undefined ? oddCategory(block, layout, feature, value, eventId) : cell + known
    } else {
      const range = RANGE_FIELDS * feature
      if (typeof value === 'number' && value >= ranges[range]! && value < ranges[range + 1]!) {
        const place = PLACE_FIELDS * feature
        const cellMax = places[place + 1]!
        const firstEdge = places[place + 2]!
        const origin = ranges[range + 2]!
        const scale = ranges[range + 3]!
        let guide: number
        if (as === COUNT_AS.linear || as === COUNT_AS.searchedLinear) {
          const scaled = (value - origin) * scale
          guide = scaled < 0 ? 0 : scaled > cellMax ? cellMax : scaled | 0
        } else guide = bitsCell(value, origin, scale, cellMax)
        guide += places[place]!
        let bin = guides[guide]!
        if (as >= COUNT_AS.searchedLinear) {
          let left = guides[guide + 1]! - bin
          while (left > 0) {
            const half = left >>> 1
            if (value < edges[firstEdge + bin + half]!) left = half
            else {
              bin += half + 1
              left -= half + 1
            }
          }
        } else while (value >= edges[firstEdge + bin]!) bin++
        cell += bin
        const extreme = 2 * feature
        // Adding 0 turns -0 into 0: which of the two came first must not show.
        if (value < extremes[extreme]!) extremes[extreme] = value + 0
        if (value > extremes[extreme + 1]!) extremes[extreme + 1] = value + 0
      } else cell = oddNumber(block, layout, feature, value)
    }
    const count = (cells[cell]! + 1) >>> 0
    cells[cell] = count
    if (count === 0) carry(block, cell, 1)
  }
}

/** The cell of what is no number between the outermost edges. A value in a tail also counts in its level. */
function oddNumber(
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

/** The cell of a value that neither look-up knows. */
function oddCategory(
  block: FeatureBlock,
  { shape, categories }: BlockLayout,
  feature: number,
  value: FeatureValue | undefined,
  eventId: string,
): number {
  if (value === undefined || value === null) return shape.offsets[feature + 1]! - CATEGORICAL_COUNTERS
  const { texts, unknown, sampled } = categories[feature]!
  const text = String(value)
  const known = typeof value === 'boolean' ? texts.get(text) : undefined
  if (known === undefined && sampled) {
    block.unseen ??= new Map()
    const sample = block.unseen.get(feature) ?? []
    const rank = unseenRank(eventId, feature)
    const more = addUnseen(sample, rank, text)
    if (more !== sample) block.unseen.set(feature, more)
  }
  return shape.offsets[feature]! + (known ?? unknown)
}

function countOne(block: FeatureBlock, cell: number): void {
  const count = (block.cells[cell]! + 1) >>> 0
  block.cells[cell] = count
  if (count === 0) carry(block, cell, 1)
}
