import type { ByteReader } from './byte-reader.ts'
import { type ByteWriter, varintLength } from './byte-writer.ts'

const CELL_MAX = 0xffff_ffff

/** Cells that may still be allocated while one delta is decoded: a few bytes can stand for many zeros. */
export interface CellAllowance {
  left: number
}

/**
 * Writes counts without their length. The first varint is 0 for a dense list, one varint a cell; else one
 * more than the number of non-zero cells, each as the gap from the last and its count. Whichever is shorter.
 */
export function writeCells(writer: ByteWriter, cells: Uint32Array): void {
  let filled = 0
  let denseBytes = 1
  let sparseBytes = 0
  let next = 0
  for (let cell = 0; cell < cells.length; cell++) {
    const count = cells[cell]!
    const countBytes = varintLength(count)
    denseBytes += countBytes
    if (count === 0) continue
    filled++
    sparseBytes += varintLength(cell - next) + countBytes
    next = cell + 1
  }
  if (varintLength(filled + 1) + sparseBytes < denseBytes) writeSparse(writer, cells, filled)
  else writeDense(writer, cells)
}

/** @throws DELTA_UNDECODABLE when `length` is more than `allowance` has left */
export function spendCells(reader: ByteReader, length: number, allowance: CellAllowance): void {
  if (length > allowance.left) throw reader.fault(`at most ${allowance.left} more cells`, String(length))
  allowance.left -= length
}

/** @throws DELTA_UNDECODABLE also when `length` is more than `allowance` has left */
export function readCells(reader: ByteReader, length: number, allowance: CellAllowance): Uint32Array {
  spendCells(reader, length, allowance)
  const form = reader.varint()
  if (form > length + 1) throw reader.fault(`at most ${length} filled cells`, String(form - 1))
  // Every cell of a dense list takes a byte: without them nothing is allocated.
  if (form === 0) reader.expectLeft(length)
  const cells = new Uint32Array(length)
  if (form === 0) {
    for (let cell = 0; cell < length; cell++) cells[cell] = reader.varintUpTo(CELL_MAX, 'a count')
    return cells
  }
  let cell = -1
  for (let filled = form - 1; filled > 0; filled--) {
    cell += 1 + reader.varintUpTo(length, 'a gap')
    if (cell >= length) throw reader.fault(`a cell below ${length}`, String(cell))
    cells[cell] = reader.varintUpTo(CELL_MAX, 'a count')
  }
  return cells
}

function writeDense(writer: ByteWriter, cells: Uint32Array): void {
  writer.varint(0)
  for (const count of cells) writer.varint(count)
}

function writeSparse(writer: ByteWriter, cells: Uint32Array, filled: number): void {
  writer.varint(filled + 1)
  let next = 0
  for (let cell = 0; cell < cells.length; cell++) {
    const count = cells[cell]!
    if (count === 0) continue
    writer.varint(cell - next)
    writer.varint(count)
    next = cell + 1
  }
}
