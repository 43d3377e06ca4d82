import type { FeatureValue } from '../events/feature-event.ts'
import { type BlockLayout, COUNT_AS, PLACE_FIELDS, RANGE_FIELDS } from './block-layout.ts'
import { carry } from './feature-block.ts'
import { bitsCell } from './guide-cells.ts'
import { cellOfCategory, cellOfOddNumber } from './odd-values.ts'
import type { FeatureBlock } from './types.ts'

/** What is known of the values of the event at hand; grown to the widest layout, overwritten by every event. */
interface Scratch {
  readonly width: number
  /** Per feature the cell its value counts in, so far. */
  readonly cellOf: Int32Array
  /** Positions of the features whose value may lie above further edges of its guide cell. */
  readonly unsettled: Int32Array
  /** Per unsettled feature how many those are. */
  readonly furtherEdges: Int32Array
  /** Positions of the features whose value took no fast way. */
  readonly odd: Int32Array
}

let scratch = createScratch(64)

/**
 * Counts the values of one event, in the layout's order. The hottest loop of all.
 *
 * It goes over the features more than once (guides and first edges, further edges, cells), because each
 * touches memory that is in no cache when a thousand models take turns: in short loops without surprises a
 * processor fetches for many features at once, where one long loop waits for each in turn. What is rare
 * waits until the loop is over: a call in it would make every array's place be looked up again.
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
  const count = layout.countAs.length
  if (scratch.width < count) scratch = createScratch(2 * count)
  const { cellOf, odd } = scratch
  const found = locate(block, layout, values, scratch)
  const oddCount = found >>> 16
  for (let at = 0; at < oddCount; at++) {
    const feature = odd[at]!
    const value = values[feature]
    cellOf[feature] =
      layout.countAs[feature] === COUNT_AS.category
        ? cellOfCategory(block, layout, feature, value, eventId)
        : cellOfOddNumber(block, layout, feature, value)
  }
  settle(layout, values, scratch, found & 0xffff)
  countCells(block, cellOf, count)
}

/** Finds each number's cell, or the first one it may count in: 2^16 times the odd values, and the unsettled. */
function locate(
  { extremes }: FeatureBlock,
  { countAs, ranges, places, edges, guides, shape }: BlockLayout,
  values: readonly (FeatureValue | undefined)[],
  { cellOf, unsettled, furtherEdges, odd }: Scratch,
): number {
  const { offsets } = shape
  const count = countAs.length
  let left = 0
  let oddCount = 0
  for (let feature = 0; feature < count; feature++) {
    const value = values[feature]
    const range = RANGE_FIELDS * feature
    if (typeof value === 'number' && value >= ranges[range]! && value < ranges[range + 1]!) {
      const as = countAs[feature]!
      const place = PLACE_FIELDS * feature
      const cellMax = places[place + 1]!
      let guide: number
      if (as === COUNT_AS.linear || as === COUNT_AS.searchedLinear) {
        const scaled = (value - ranges[range + 2]!) * ranges[range + 3]!
        guide = scaled < 0 ? 0 : scaled > cellMax ? cellMax : scaled | 0
      } else guide = bitsCell(value, ranges[range + 2]!, ranges[range + 3]!, cellMax)
      guide += places[place]!
      const bin = guides[guide]!
      // Sums, not branches: which value lies above an edge nobody can predict.
      const above = Number(value >= edges[places[place + 2]! + bin]!)
      const further = (guides[guide + 1]! - bin - 1) | 0
      cellOf[feature] = (offsets[feature]! + bin + above) | 0
      furtherEdges[feature] = further
      unsettled[left] = feature
      left = (left + (above & Number(further > 0))) | 0
      const extreme = 2 * feature
      // Adding 0 turns -0 into 0: which of the two came first must not show.
      if (value < extremes[extreme]!) extremes[extreme] = value + 0
      if (value > extremes[extreme + 1]!) extremes[extreme + 1] = value + 0
    } else odd[oddCount++] = feature
  }
  return oddCount * 0x1_0000 + left
}

/** Moves the unsettled values on over the edges of their guide cells that they are not below. */
function settle(
  { countAs, places, edges, shape }: BlockLayout,
  values: readonly (FeatureValue | undefined)[],
  { cellOf, unsettled, furtherEdges }: Scratch,
  count: number,
): void {
  const { offsets } = shape
  for (let at = 0; at < count; at++) {
    const feature = unsettled[at]!
    const value = values[feature] as number
    const firstCell = offsets[feature]!
    const firstEdge = places[PLACE_FIELDS * feature + 2]!
    let bin = cellOf[feature]! - firstCell
    if (countAs[feature]! >= COUNT_AS.searchedLinear) {
      let left = furtherEdges[feature]!
      while (left > 0) {
        const half = left >>> 1
        if (value < edges[firstEdge + bin + half]!) left = half
        else {
          bin += half + 1
          left -= half + 1
        }
      }
    } else while (value >= edges[firstEdge + bin]!) bin++
    cellOf[feature] = firstCell + bin
  }
}

function countCells(block: FeatureBlock, cellOf: Int32Array, count: number): void {
  const { cells } = block
  for (let feature = 0; feature < count; feature++) {
    const cell = cellOf[feature]!
    const more = (cells[cell]! + 1) | 0
    cells[cell] = more
    if (more === 0) carry(block, cell, 1)
  }
}

function createScratch(width: number): Scratch {
  const positions = () => new Int32Array(width)
  return { width, cellOf: positions(), unsettled: positions(), furtherEdges: positions(), odd: positions() }
}
