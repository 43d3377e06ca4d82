import { createBlockShape } from './block-shape.ts'
import { carry, createFeatureBlock } from './feature-block.ts'
import type { BlockShape, FeatureBlock, UnseenOccurrence } from './types.ts'

/** The shape of the features at these positions, rising. */
export function selectedShape({ kinds, offsets }: BlockShape, positions: readonly number[]): BlockShape {
  return createBlockShape(
    Uint8Array.from(positions, (at) => kinds[at]!),
    positions.map((at) => offsets[at + 1]! - offsets[at]!),
  )
}

/**
 * The counts of the features at these positions, as a block of their own; the block itself where those are
 * all. Not to be written.
 * @param shape as `selectedShape` gives it
 */
export function selectFeatures(
  block: FeatureBlock,
  positions: readonly number[],
  shape: BlockShape,
): FeatureBlock {
  if (positions.length === block.shape.kinds.length) return block
  const selected = createFeatureBlock(shape)
  const unseen = new Map<number, readonly UnseenOccurrence[]>()
  positions.forEach((from, to) => {
    const [first, last] = [block.shape.offsets[from]!, block.shape.offsets[from + 1]!]
    const moved = shape.offsets[to]! - first
    selected.cells.set(block.cells.subarray(first, last), shape.offsets[to]!)
    selected.extremes.set(block.extremes.subarray(2 * from, 2 * from + 2), 2 * to)
    for (const [cell, high] of block.carries ?? []) {
      if (first <= cell && cell < last) carry(selected, cell + moved, high)
    }
    const sample = block.unseen?.get(from)
    if (sample !== undefined) unseen.set(to, sample)
  })
  if (unseen.size > 0) selected.unseen = unseen
  return selected
}
