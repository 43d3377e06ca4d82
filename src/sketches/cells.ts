import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { CellCounts } from './types.ts'

/**
 * Adds `from` to `into`, cell by cell, modulo 2^32.
 * @throws STATE_IMPOSSIBLE when the lengths differ: the two were counted on different edges
 */
export function addCells(into: CellCounts, from: CellCounts): void {
  expectSameLength(into, from)
  for (let cell = 0; cell < from.length; cell++) into[cell] = into[cell]! + from[cell]!
}

/**
 * Takes `from` out of `into`, cell by cell, modulo 2^32: the exact inverse of `addCells`, wrapped or not.
 * @throws STATE_IMPOSSIBLE when the lengths differ
 */
export function subtractCells(into: CellCounts, from: CellCounts): void {
  expectSameLength(into, from)
  for (let cell = 0; cell < from.length; cell++) into[cell] = into[cell]! - from[cell]!
}

/** Sum of the cells, as a double: it does not wrap. */
export function cellTotal(cells: CellCounts): number {
  let total = 0
  for (let cell = 0; cell < cells.length; cell++) total += cells[cell]!
  return total
}

function expectSameLength(into: CellCounts, from: CellCounts): void {
  if (into.length === from.length) return
  throw new DriftstreamError(
    'STATE_IMPOSSIBLE',
    `expected counts on the same edges, got ${from.length} cells for ${into.length}`,
  )
}
