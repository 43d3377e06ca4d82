import {
  CATEGORICAL_EXTRA_CELLS,
  createBlockShape,
  NUMERIC,
  NUMERIC_EXTRA_CELLS,
  shapeCells,
} from './block-shape.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { type CellAllowance, spendCells } from './cells-codec.ts'
import { carry, createFeatureBlock } from './feature-block.ts'
import type { BlockShape, FeatureBlock } from './types.ts'
import { readUnseen, writeUnseen } from './unseen-codec.ts'

/** Cells of one feature: the largest dictionary a reference event may carry, and what belongs to it. */
const FEATURE_CELLS_MAX = 65_536 + CATEGORICAL_EXTRA_CELLS

/** Its shape and the form of its cells. */
const FEATURE_BYTES_MIN = 2

const CELL_MAX = 0xffff_ffff
/** Counts stay exact as doubles: the high word of 2^53. */
const HIGH_MAX = 2 ** 21 - 1

/** Forms of a feature's cells: all zero, every cell a varint, or the filled ones with the gaps between. */
const EMPTY = 0
const DENSE = 1
const SPARSE = 2
/** Added to the form where the extremes follow. */
const WITH_EXTREMES = 4

/** Writes shape, cells, carries and samples. Equal blocks give equal bytes. */
export function writeBlock(writer: ByteWriter, block: FeatureBlock): void {
  const { shape } = block
  writer.varint(shape.kinds.length)
  for (let feature = 0; feature < shape.kinds.length; feature++) {
    writer.varint(2 * (shape.offsets[feature + 1]! - shape.offsets[feature]!) + shape.kinds[feature]!)
  }
  for (let feature = 0; feature < shape.kinds.length; feature++) writeFeature(writer, block, feature)
  writeCarries(writer, block)
  writeUnseen(writer, block)
}

/** @throws DELTA_UNDECODABLE also when the cells are more than `allowance` has left */
export function readBlock(reader: ByteReader, allowance: CellAllowance): FeatureBlock {
  const shape = readShape(reader)
  spendCells(reader, shapeCells(shape), allowance)
  const block = createFeatureBlock(shape)
  for (let feature = 0; feature < shape.kinds.length; feature++) readFeature(reader, block, feature)
  readCarries(reader, block)
  readUnseen(reader, block)
  return block
}

function readShape(reader: ByteReader): BlockShape {
  const count = reader.listLength(FEATURE_BYTES_MIN, 'features')
  const kinds = new Uint8Array(count)
  const cellCounts = new Uint32Array(count)
  for (let feature = 0; feature < count; feature++) {
    const code = reader.varintUpTo(2 * FEATURE_CELLS_MAX + 1, 'a kind and a number of cells')
    kinds[feature] = code % 2
    cellCounts[feature] = code >>> 1
    const min = kinds[feature] === NUMERIC ? NUMERIC_EXTRA_CELLS + 1 : CATEGORICAL_EXTRA_CELLS
    if (cellCounts[feature]! < min) throw reader.fault(`at least ${min} cells`, String(cellCounts[feature]))
  }
  return createBlockShape(kinds, cellCounts)
}

function writeFeature(writer: ByteWriter, { shape, cells, extremes }: FeatureBlock, feature: number): void {
  const [from, to] = [shape.offsets[feature]!, shape.offsets[feature + 1]!]
  const [min, max] = [extremes[2 * feature]!, extremes[2 * feature + 1]!]
  const described = min !== Number.POSITIVE_INFINITY || max !== Number.NEGATIVE_INFINITY
  const { form, filled } = formOf(cells, from, to)
  writer.byte(form + (described ? WITH_EXTREMES : 0))
  if (described) {
    writer.float64(min)
    writer.float64(max)
  }
  if (form === DENSE) writer.varints(cells, from, to)
  else if (form === SPARSE) writeSparse(writer, cells, from, to, filled)
}

function readFeature(reader: ByteReader, { shape, cells, extremes }: FeatureBlock, feature: number): void {
  const [from, to] = [shape.offsets[feature]!, shape.offsets[feature + 1]!]
  const tag = reader.byte()
  const form = tag % WITH_EXTREMES
  if (tag >= 2 * WITH_EXTREMES || form > SPARSE) throw reader.fault('a form of cells', String(tag))
  if (tag >= WITH_EXTREMES) {
    extremes[2 * feature] = reader.number('a minimum')
    extremes[2 * feature + 1] = reader.number('a maximum')
  }
  if (form === DENSE) reader.varintsInto(cells, from, to)
  else if (form === SPARSE) readSparse(reader, cells, from, to)
}

/** A filled cell takes a byte where it lies less than 32 cells on and holds up to 3; four share a token. */
const TOKEN_COUNTS = 4

/**
 * Sparse where less than half of the cells are filled. A filled cell then takes two bytes where the dense
 * form takes one, at most, and what both would take to the byte need not be found out first.
 */
function formOf(cells: Uint32Array, from: number, to: number): { form: number; filled: number } {
  let filled = 0
  for (let cell = from; cell < to; cell++) if (cells[cell] !== 0) filled++
  if (filled === 0) return { form: EMPTY, filled }
  return { form: 2 * filled < to - from ? SPARSE : DENSE, filled }
}

function writeSparse(writer: ByteWriter, cells: Uint32Array, from: number, to: number, filled: number): void {
  writer.varint(filled)
  // Collected first: one call for all is several times faster than one a cell.
  const tokens = new Uint32Array(2 * filled)
  let length = 0
  let next = from
  for (let cell = from; cell < to; cell++) {
    const count = cells[cell]!
    if (count === 0) continue
    tokens[length++] = TOKEN_COUNTS * (cell - next) + Math.min(count, TOKEN_COUNTS) - 1
    if (count >= TOKEN_COUNTS) tokens[length++] = count - TOKEN_COUNTS
    next = cell + 1
  }
  writer.varints(tokens, 0, length)
}

function readSparse(reader: ByteReader, cells: Uint32Array, from: number, to: number): void {
  let cell = from - 1
  for (let filled = reader.varintUpTo(to - from, 'a number of filled cells'); filled > 0; filled--) {
    const token = reader.varint()
    cell += 1 + Math.floor(token / TOKEN_COUNTS)
    if (cell >= to) throw reader.fault(`a cell below ${to - from}`, String(cell - from))
    const few = token % TOKEN_COUNTS
    cells[cell] =
      few < TOKEN_COUNTS - 1 ? few + 1 : TOKEN_COUNTS + reader.varintUpTo(CELL_MAX - TOKEN_COUNTS, 'a count')
  }
}

function writeCarries(writer: ByteWriter, block: FeatureBlock): void {
  const carries = [...(block.carries ?? [])].sort(([a], [b]) => a - b)
  writer.varint(carries.length)
  let next = 0
  for (const [cell, high] of carries) {
    writer.varint(cell - next)
    writer.varint(high)
    next = cell + 1
  }
}

function readCarries(reader: ByteReader, block: FeatureBlock): void {
  let cell = -1
  for (let left = reader.listLength(2, 'carries'); left > 0; left--) {
    cell += 1 + reader.varintUpTo(block.cells.length, 'a gap')
    if (cell >= block.cells.length) throw reader.fault(`a cell below ${block.cells.length}`, String(cell))
    const high = reader.varintUpTo(HIGH_MAX, 'a high word')
    if (high === 0) throw reader.fault('a high word above 0', '0')
    carry(block, cell, high)
  }
}
