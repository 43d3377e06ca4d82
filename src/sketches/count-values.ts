import type { FeatureValue } from '../events/feature-event.ts'
import type { BlockLayout } from './block-layout.ts'
import { countStagedRows, createStagedRows, stageRow } from './staged-rows.ts'
import type { FeatureBlock } from './types.ts'

let row = createStagedRows(64, 1)

/**
 * Counts the values of one event, in the layout's order. numeric: finite numbers in the bin that a binary
 * search over the edges would find; what is no number as `addNumeric` says. categorical: as `addCategorical`
 * says, and what is unseen is sampled by `eventId`. Where many events come, stage them: it is cheaper.
 */
export function countValues(
  block: FeatureBlock,
  layout: BlockLayout,
  values: readonly (FeatureValue | undefined)[],
  eventId: string,
): void {
  if (row.stride < layout.names.length) row = createStagedRows(2 * layout.names.length, 1)
  stageRow(row, block, layout, values, { id: eventId })
  countStagedRows(row, block, layout)
}
