import type { FeatureValue } from '../events/feature-event.ts'
import type { BlockLayout } from './block-layout.ts'
import { CATEGORICAL_COUNTERS } from './block-shape.ts'
import type { CategoryCells } from './counting-tables.ts'
import type { FeatureBlock } from './types.ts'
import { addUnseen, unseenRank } from './unseen-sample.ts'

/** Which counter of a numeric feature a value that is no number belongs to, in their order in the block. */
export function counterOfOddValue(value: FeatureValue | undefined): number {
  if (value === undefined || value === null) return 0
  if (value === 'NaN') return 1
  return value === 'Infinity' || value === '-Infinity' ? 2 : 3
}

/** What tells an event from all others. Asked for its id only where that matters. */
export interface Identified {
  readonly id: string
}

/** The cell of a category; an unseen one is also sampled. */
export function cellOfCategory(
  block: FeatureBlock,
  { shape }: BlockLayout,
  { texts, numbers, unknown, sampled }: CategoryCells,
  feature: number,
  value: FeatureValue | undefined,
  event: Identified,
): number {
  const first = shape.offsets[feature]!
  if (value === undefined || value === null) return shape.offsets[feature + 1]! - CATEGORICAL_COUNTERS
  const known = typeof value === 'number' ? numbers.get(value) : texts.get(String(value))
  if (known !== undefined) return first + known
  if (sampled) {
    block.unseen ??= new Map()
    const sample = block.unseen.get(feature) ?? []
    const more = addUnseen(sample, unseenRank(event.id, feature), String(value))
    if (more !== sample) block.unseen.set(feature, more)
  }
  return first + unknown
}
