import { DriftstreamError } from '../errors/driftstream-error.ts'
import { shapeCells, shapesEqual } from './block-shape.ts'
import type { BlockShape, FeatureBlock } from './types.ts'
import { mergeUnseen } from './unseen-sample.ts'

const CELL_MAX = 0xffff_ffff

/** What of a block has no inverse: it cannot be taken out of a sum again. */
export type BlockDescription = Pick<FeatureBlock, 'extremes' | 'unseen'>

/** Counts of nothing. */
export function createFeatureBlock(shape: BlockShape): FeatureBlock {
  const extremes = emptyExtremes(new Float64Array(2 * shape.kinds.length))
  return { shape, cells: new Uint32Array(shapeCells(shape)), extremes, carries: null, unseen: null }
}

/** A copy that shares nothing but the shape. */
export function cloneFeatureBlock(block: FeatureBlock): FeatureBlock {
  return {
    shape: block.shape,
    cells: block.cells.slice(),
    extremes: block.extremes.slice(),
    carries: block.carries === null ? null : new Map(block.carries),
    unseen: block.unseen === null ? null : new Map(block.unseen),
  }
}

/**
 * Adds `from` to `into`. Commutative and associative to the byte: integers, minima, maxima, least ranks.
 * @throws STATE_IMPOSSIBLE when the shapes differ
 */
export function mergeFeatureBlock(into: FeatureBlock, from: FeatureBlock): void {
  expectSameShape(into, from)
  const [cells, more] = [into.cells, from.cells]
  for (let cell = 0; cell < more.length; cell++) {
    const sum = cells[cell]! + more[cell]!
    cells[cell] = sum
    if (sum > CELL_MAX) carry(into, cell, 1)
  }
  for (const [cell, high] of from.carries ?? []) carry(into, cell, high)
  mergeDescription(into, from)
}

/**
 * The sum of two blocks in cells of its own: as a copy of one with the other merged into it.
 * @throws STATE_IMPOSSIBLE when the shapes differ
 */
export function sumFeatureBlocks(a: FeatureBlock, b: FeatureBlock): FeatureBlock {
  expectSameShape(a, b)
  const sum: FeatureBlock = {
    shape: a.shape,
    cells: new Uint32Array(a.cells.length),
    extremes: a.extremes.slice(),
    carries: a.carries === null ? null : new Map(a.carries),
    unseen: a.unseen === null ? null : new Map(a.unseen),
  }
  const { cells } = sum
  const [own, other] = [a.cells, b.cells]
  for (let cell = 0; cell < cells.length; cell++) {
    const count = own[cell]! + other[cell]!
    cells[cell] = count
    if (count > CELL_MAX) carry(sum, cell, 1)
  }
  for (const [cell, high] of b.carries ?? []) carry(sum, cell, high)
  mergeDescription(sum, b)
  return sum
}

/**
 * Takes the counts of `from`, added before, out of `into`. Minima, maxima and samples have no inverse: they
 * stay as they are.
 * @throws STATE_IMPOSSIBLE when the shapes differ
 */
export function subtractFeatureBlock(into: FeatureBlock, from: FeatureBlock): void {
  expectSameShape(into, from)
  const [cells, fewer] = [into.cells, from.cells]
  for (let cell = 0; cell < fewer.length; cell++) {
    const difference = cells[cell]! - fewer[cell]!
    cells[cell] = difference
    if (difference < 0) carry(into, cell, -1)
  }
  for (const [cell, high] of from.carries ?? []) carry(into, cell, -high)
}

/** A copy of a block's minima, maxima and samples that shares nothing with it. */
export function descriptionOf({ extremes, unseen }: FeatureBlock): BlockDescription {
  return { extremes: extremes.slice(), unseen: unseen === null ? null : new Map(unseen) }
}

/** Takes minima, maxima and samples anew from the blocks that `into` is the sum of. */
export function describeAnew(into: FeatureBlock, parts: Iterable<BlockDescription>): void {
  emptyExtremes(into.extremes)
  into.unseen = null
  for (const part of parts) mergeDescription(into, part)
}

/** Adds to a cell, carrying and borrowing: `count` lies between -2^32 and 2^32. */
export function addToCell(block: FeatureBlock, cell: number, count: number): void {
  const sum = block.cells[cell]! + count
  block.cells[cell] = sum
  if (sum > CELL_MAX) carry(block, cell, 1)
  else if (sum < 0) carry(block, cell, -1)
}

/** Adds to the high word of a cell that wrapped. */
export function carry(block: FeatureBlock, cell: number, high: number): void {
  block.carries ??= new Map()
  const sum = (block.carries.get(cell) ?? 0) + high
  if (sum !== 0) block.carries.set(cell, sum)
  else block.carries.delete(cell)
  if (block.carries.size === 0) block.carries = null
}

/** The exact count of a cell. */
export function exactCount(block: FeatureBlock, cell: number): number {
  const low = block.cells[cell]!
  return block.carries === null ? low : low + 2 ** 32 * (block.carries.get(cell) ?? 0)
}

function emptyExtremes(extremes: Float64Array): Float64Array {
  for (let at = 0; at < extremes.length; at += 2) {
    extremes[at] = Number.POSITIVE_INFINITY
    extremes[at + 1] = Number.NEGATIVE_INFINITY
  }
  return extremes
}

function mergeDescription(into: FeatureBlock, from: BlockDescription): void {
  const [own, other] = [into.extremes, from.extremes]
  for (let at = 0; at < other.length; at += 2) {
    own[at] = Math.min(own[at]!, other[at]!)
    own[at + 1] = Math.max(own[at + 1]!, other[at + 1]!)
  }
  if (from.unseen === null) return
  for (const [feature, sample] of from.unseen) {
    into.unseen ??= new Map()
    into.unseen.set(feature, mergeUnseen(into.unseen.get(feature) ?? [], sample))
  }
}

function expectSameShape(into: FeatureBlock, from: FeatureBlock): void {
  if (shapesEqual(into.shape, from.shape)) return
  throw new DriftstreamError(
    'STATE_IMPOSSIBLE',
    `expected counts on the same edges, got ${describe(from)} for ${describe(into)}`,
  )
}

function describe({ shape }: FeatureBlock): string {
  return `${shapeCells(shape)} cells of ${shape.kinds.length} features`
}
