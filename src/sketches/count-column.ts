import type { BlockLayout } from './block-layout.ts'
import { NUMERIC_COUNTERS, NUMERIC_EXTRA_CELLS, TAIL_LEVELS } from './block-shape.ts'
import {
  COUNT_AS,
  type CountingTables,
  countingTables,
  PLACE_FIELDS,
  RANGE_FIELDS,
} from './counting-tables.ts'
import { addToCell, carry } from './feature-block.ts'
import { HIGH_WORD, linearCell, wordCell } from './guide-cells.ts'
import { tailLevel } from './tail-levels.ts'
import type { FeatureBlock } from './types.ts'

/** Values counted in one go: what is rare among them waits in a list until the loop is over. */
export const RUN_MAX = 256

/** Values of one feature, `stride` apart. `words` are the same bytes: the halves of each double. */
export interface Run {
  readonly values: Float64Array
  readonly words: Int32Array
  readonly start: number
  readonly stride: number
  /** At most `RUN_MAX`. */
  readonly count: number
}

/** What the loops leave for later, because a call in a loop makes every array's place be looked up again. */
interface Leftovers {
  /** Where the values stand that lie above all the edges they were compared with, and where they count. */
  readonly unsettled: Int32Array
  readonly unsettledCells: Int32Array
  /** Where the values stand that may be a new extreme, a tail or no finite number, and where they count. */
  readonly rare: Int32Array
  readonly rareCells: Int32Array
  readonly wrapped: Int32Array
  unsettledCount: number
  rareCount: number
  wrappedCount: number
}

const positions = () => new Int32Array(RUN_MAX)
/** Per value of the run the bin it begins at, then the cell it counts in. */
const found = positions()

/** Overwritten by every run. */
const leftovers: Leftovers = {
  unsettled: positions(),
  unsettledCells: positions(),
  rare: positions(),
  rareCells: positions(),
  wrapped: positions(),
  unsettledCount: 0,
  rareCount: 0,
  wrappedCount: 0,
}

/**
 * Counts a run of values of one numeric feature: finite ones in the bin that a binary search over the edges
 * would find, infinite ones and NaN in their counters, as `addNumeric` does. So many of the NaN as
 * `placeholders` says stand for values counted elsewhere.
 *
 * The hottest loops of all. They have no branch whose way nobody can predict: every value is compared with
 * two edges, and what may lie further on, or is rare, is put on a list. A mistaken branch costs more than all
 * the rest. There are three of them, for guides, edges and cells, because each touches memory that is in no
 * cache when a thousand models take turns: in short loops without surprises a processor fetches for many
 * values at once, where one long loop waits for each in turn.
 */
export function countRun(
  block: FeatureBlock,
  layout: BlockLayout,
  feature: number,
  run: Run,
  placeholders: number,
): void {
  const tables = countingTables(layout)
  locate(block, layout, tables, feature, run)
  const { wrapped, wrappedCount } = leftovers
  for (let at = 0; at < wrappedCount; at++) carry(block, wrapped[at]!, 1)
  settle(block, layout, tables, feature, run.values)
  const notNumbers = countRare(block, layout, tables, feature, run.values) - placeholders
  if (notNumbers > 0) addToCell(block, countersOf(layout, feature) + 1, notNumbers)
}

/** Counts every value in the first cell it may belong to, and lists what may belong elsewhere too. */
function locate(
  { cells, extremes }: FeatureBlock,
  { shape }: BlockLayout,
  { countAs, ranges, places, edges, guides }: CountingTables,
  feature: number,
  run: Run,
): void {
  const { values, words, start, stride, count } = run
  const { unsettled, unsettledCells, rare, rareCells, wrapped } = leftovers
  const range = RANGE_FIELDS * feature
  const place = PLACE_FIELDS * feature
  const byBits = countAs[feature] === COUNT_AS.bits
  const [from, to] = [ranges[range]!, ranges[range + 1]!]
  const [origin, scale] = [ranges[range + 3]!, ranges[range + 4]!]
  const [guideAt, cellMax, edgeAt] = [places[place]!, places[place + 1]!, places[place + 2]!]
  const first = shape.offsets[feature]!
  const [firstWord, shift] = [origin | 0, scale | 0]
  if (extremes[2 * feature]! > extremes[2 * feature + 1]!) beginExtremes(extremes, feature, from, to, run)
  const [least, greatest] = [extremes[2 * feature]!, extremes[2 * feature + 1]!]
  const low = least > from ? least : from
  const high = greatest < to ? greatest : to
  let unsettledCount = 0
  let rareCount = 0
  let wrappedCount = 0
  if (byBits) {
    for (let row = 0, at = start; row < count; row++, at += stride) {
      found[row] = guides[guideAt + wordCell(words[2 * at + HIGH_WORD]!, firstWord, shift, cellMax)]!
    }
  } else {
    for (let row = 0, at = start; row < count; row++, at += stride) {
      found[row] = guides[guideAt + linearCell(values[at]!, origin, scale, cellMax)]!
    }
  }
  for (let row = 0, at = start; row < count; row++, at += stride) {
    const value = values[at]!
    const guess = found[row]!
    const edge = edgeAt + guess
    // Sums, not branches: which value lies above an edge nobody can predict.
    const above = Number(value >= edges[edge]!) + Number(value >= edges[edge + 1]!)
    const cell = (first + guess + above) | 0
    unsettled[unsettledCount] = row
    unsettledCount += above >> 1
    found[row] = cell
    rare[rareCount] = row
    // NaN is neither, and so is listed.
    rareCount += 1 - (Number(value >= low) & Number(value <= high))
  }
  for (let row = 0; row < count; row++) {
    const cell = found[row]!
    const more = (cells[cell]! + 1) | 0
    cells[cell] = more
    if (more === 0) wrapped[wrappedCount++] = cell
  }
  for (let at = 0; at < unsettledCount; at++) {
    const row = unsettled[at]!
    unsettledCells[at] = found[row]!
    unsettled[at] = start + row * stride
  }
  for (let at = 0; at < rareCount; at++) {
    const row = rare[at]!
    rareCells[at] = found[row]!
    rare[at] = start + row * stride
  }
  leftovers.unsettledCount = unsettledCount
  leftovers.rareCount = rareCount
  leftovers.wrappedCount = wrappedCount
}

/** Values that the extremes of a feature without any begin with. */
const FIRST_VALUES = 16

/** Takes the extremes of the first few values, or else every value of the run would look like a new one. */
function beginExtremes(
  extremes: Float64Array,
  feature: number,
  from: number,
  to: number,
  { values, start, stride, count }: Run,
): void {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let left = Math.min(count, FIRST_VALUES), at = start; left > 0; left--, at += stride) {
    const value = values[at]!
    if (!(value >= from && value <= to)) continue
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  // Adding 0 turns -0 into 0: which of the two came first must not show.
  extremes[2 * feature] = least + 0
  extremes[2 * feature + 1] = greatest + 0
}

/** Edges that are walked over before the rest of them is searched by halves. */
const WALKED_EDGES_MAX = 8

/** Moves the unsettled values on over all the edges that they are not below. */
function settle(
  block: FeatureBlock,
  { shape }: BlockLayout,
  { places, edges }: CountingTables,
  feature: number,
  values: Float64Array,
): void {
  const { unsettled, unsettledCells, unsettledCount } = leftovers
  const edgeAt = places[PLACE_FIELDS * feature + 2]!
  const edgesEnd = edgeAt + places[PLACE_FIELDS * feature + 3]!
  const cellToEdge = edgeAt - shape.offsets[feature]!
  for (let at = 0; at < unsettledCount; at++) {
    const value = values[unsettled[at]!]!
    const from = unsettledCells[at]! + cellToEdge
    const edge = edgesAtOrBelow(edges, value, from, edgesEnd)
    if (edge === from) continue
    addToCell(block, from - cellToEdge, -1)
    addToCell(block, edge - cellToEdge, 1)
  }
}

/** The first edge from `from` on that the value is below; `end` where there is none. */
function edgesAtOrBelow(edges: Float64Array, value: number, from: number, end: number): number {
  const walkEnd = Math.min(end, from + WALKED_EDGES_MAX)
  let low = from
  while (low < walkEnd && value >= edges[low]!) low++
  if (low < walkEnd) return low
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value < edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

/** Extremes and tails; infinite values go to their counter, NaN nowhere. Returns how many were NaN. */
function countRare(
  block: FeatureBlock,
  layout: BlockLayout,
  { ranges, places }: CountingTables,
  feature: number,
  values: Float64Array,
): number {
  const { rare, rareCells, rareCount } = leftovers
  const { extremes } = block
  const range = RANGE_FIELDS * feature
  const [from, last, scale] = [ranges[range]!, ranges[range + 2]!, ranges[range + 5]!]
  const counters = countersOf(layout, feature)
  const hasEdges = places[PLACE_FIELDS * feature + 3]! > 0
  let notNumbers = 0
  for (let at = 0; at < rareCount; at++) {
    const value = values[rare[at]!]!
    if (value - value === 0) {
      if (value < extremes[2 * feature]!) extremes[2 * feature] = value + 0
      if (value > extremes[2 * feature + 1]!) extremes[2 * feature + 1] = value + 0
      if (!hasEdges) continue
      const levels = counters + NUMERIC_COUNTERS
      if (value < from) addToCell(block, levels + tailLevel(from - value, scale), 1)
      else if (value >= last) addToCell(block, levels + TAIL_LEVELS + tailLevel(value - last, scale), 1)
    } else if (Number.isNaN(value)) {
      addToCell(block, rareCells[at]!, -1)
      notNumbers++
    } else {
      // By now it has been moved on to one of the two outermost bins.
      addToCell(block, value < 0 ? layout.shape.offsets[feature]! : counters - 1, -1)
      addToCell(block, counters + 2, 1)
    }
  }
  return notNumbers
}

/**
 * Counts values of one numeric feature, however many; of other features nothing is counted. Finite ones go to
 * the bin that a binary search over the edges would find, infinite ones and NaN to their counters.
 */
export function countColumn(
  block: FeatureBlock,
  layout: BlockLayout,
  feature: number,
  values: Float64Array,
): void {
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
  for (let start = 0; start < values.length; start += RUN_MAX) {
    const count = Math.min(RUN_MAX, values.length - start)
    countRun(block, layout, feature, { values, words, start, stride: 1, count }, 0)
  }
}

function countersOf({ shape }: BlockLayout, feature: number): number {
  return shape.offsets[feature + 1]! - NUMERIC_EXTRA_CELLS
}
