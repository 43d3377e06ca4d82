import type { FeatureValue } from '../events/feature-event.ts'
import type { BlockLayout } from './block-layout.ts'
import { NUMERIC_COUNTERS, NUMERIC_EXTRA_CELLS } from './block-shape.ts'
import { countRun, RUN_MAX } from './count-column.ts'
import { COUNT_AS, countingTables } from './counting-tables.ts'
import { addToCell } from './feature-block.ts'
import { cellOfCategory, counterOfOddValue, type Identified } from './odd-values.ts'
import type { FeatureBlock } from './types.ts'

/** Most rows that are staged before they are counted. */
export const STAGED_ROWS_MAX = RUN_MAX

/**
 * Rows of one layout that wait to be counted together, feature by feature. A row costs a few lines of memory
 * to write; counted one by one, each of its values would fetch two or three, for the tables of a thousand
 * models are in no cache.
 */
export interface StagedRows {
  readonly rowsMax: number
  /** From row to row; odd, so that a column does not fall on the same few places of a cache. */
  readonly stride: number
  /** Numeric: the value, NaN where there is none. Categorical: its cell in the block. */
  readonly values: Float64Array
  /** The same bytes. */
  readonly words: Int32Array
  /** Per feature, of the values that were no numbers, how many belong to which counter. */
  readonly odd: Uint16Array
  count: number
}

/** Room for so many rows of `features` values, at most `STAGED_ROWS_MAX`. */
export function createStagedRows(features: number, rowsMax: number): StagedRows {
  const stride = features | 1
  const values = new Float64Array(stride * rowsMax)
  const words = new Int32Array(values.buffer)
  return { rowsMax, stride, values, words, odd: new Uint16Array(NUMERIC_COUNTERS * features), count: 0 }
}

/** The same rows with room for more of them. */
export function withRoomFor(rows: StagedRows, rowsMax: number): StagedRows {
  const { stride, count, values, odd } = rows
  const roomier = { ...createStagedRows(odd.length / NUMERIC_COUNTERS, rowsMax), count }
  roomier.values.set(values.subarray(0, stride * count))
  roomier.odd.set(odd)
  return roomier
}

/**
 * Stages the values of one event, in the layout's order. There must be room. What only the event can tell is
 * decided now: categories are looked up, and unseen ones sampled into `block` by the event's id.
 */
export function stageRow(
  rows: StagedRows,
  block: FeatureBlock,
  layout: BlockLayout,
  values: readonly (FeatureValue | undefined)[],
  event: Identified,
): void {
  const { countAs, categories } = countingTables(layout)
  const { stride, values: staged, odd } = rows
  const first = rows.count++ * stride
  for (let feature = 0; feature < countAs.length; feature++) {
    const value = values[feature]
    if (countAs[feature] === COUNT_AS.category) {
      staged[first + feature] = cellOfCategory(block, layout, categories[feature]!, feature, value, event)
    } else if (typeof value === 'number') {
      staged[first + feature] = value
    } else {
      staged[first + feature] = Number.NaN
      odd[NUMERIC_COUNTERS * feature + counterOfOddValue(value)]!++
    }
  }
}

/** Counts the staged rows into the block they were staged for; then there are none. */
export function countStagedRows(rows: StagedRows, block: FeatureBlock, layout: BlockLayout): void {
  const { values, words, stride, odd, count } = rows
  if (count === 0) return
  const { countAs } = countingTables(layout)
  for (let feature = 0; feature < countAs.length; feature++) {
    if (countAs[feature] === COUNT_AS.category) {
      for (let row = 0, at = feature; row < count; row++, at += stride) addToCell(block, values[at]!, 1)
      continue
    }
    const counters = layout.shape.offsets[feature + 1]! - NUMERIC_EXTRA_CELLS
    let placeholders = 0
    for (let counter = 0; counter < NUMERIC_COUNTERS; counter++) {
      const more = odd[NUMERIC_COUNTERS * feature + counter]!
      if (more === 0) continue
      addToCell(block, counters + counter, more)
      odd[NUMERIC_COUNTERS * feature + counter] = 0
      placeholders += more
    }
    countRun(block, layout, feature, { values, words, start: feature, stride, count }, placeholders)
  }
  rows.count = 0
}
