import type { BlockShape } from './types.ts'

export const NUMERIC = 0
export const CATEGORICAL = 1

/** Counters after the bins of a numeric feature: `missing`, `nan`, `infinite`, `wrongType`. */
export const NUMERIC_COUNTERS = 4

/** Counters after the cells of a categorical feature: `missing`, `wrongType`. */
export const CATEGORICAL_COUNTERS = 2

/** Distances beyond the range are told apart by powers of two, from a sixteenth of it to 1024 times. */
export const TAIL_LEVELS = 16

/** What a numeric feature has besides its bins, and a categorical one besides its categories. */
export const NUMERIC_EXTRA_CELLS = NUMERIC_COUNTERS + 2 * TAIL_LEVELS
export const CATEGORICAL_EXTRA_CELLS = 2 + CATEGORICAL_COUNTERS

/** The shape of features of these kinds and numbers of cells, in their order. */
export function createBlockShape(kinds: Uint8Array, cellCounts: ArrayLike<number>): BlockShape {
  const offsets = new Int32Array(kinds.length + 1)
  for (let feature = 0; feature < kinds.length; feature++) {
    offsets[feature + 1] = offsets[feature]! + cellCounts[feature]!
  }
  return { kinds, offsets }
}

/** Cells of the whole block. */
export function shapeCells(shape: BlockShape): number {
  return shape.offsets[shape.kinds.length]!
}

/** Whether blocks of the two shapes can be added. */
export function shapesEqual(a: BlockShape, b: BlockShape): boolean {
  if (a === b) return true
  if (a.kinds.length !== b.kinds.length) return false
  for (let feature = 0; feature < a.kinds.length; feature++) {
    if (a.kinds[feature] !== b.kinds[feature]) return false
    if (a.offsets[feature + 1] !== b.offsets[feature + 1]) return false
  }
  return true
}
