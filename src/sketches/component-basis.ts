import { neymanBasis } from '../statistics/neyman-basis.ts'
import type { CellCounts } from './types.ts'

/**
 * Values of the components at each cell, the same that tests of windows use: at most four arrays of as many
 * numbers as there are cells, less where fewer than five cells hold anything, none for fewer than two.
 * Over the counts themselves each has mean 0 and variance 1. Source: see `neymanBasis`.
 */
export function componentBasis(cells: CellCounts): readonly Float64Array[] {
  return neymanBasis(cells).values
}

/**
 * The cells by falling count, ties by their place: the order in which categories, which have none of their
 * own, have components.
 */
export function fallingOrder(cells: CellCounts): number[] {
  return Array.from(cells, (_, cell) => cell).sort((a, b) => cells[b]! - cells[a]! || a - b)
}
