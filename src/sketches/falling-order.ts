import type { CellCounts } from './types.ts'

/**
 * The cells by falling count, ties by their place: the order in which categories, which have none of their
 * own, have components.
 */
export function fallingOrder(cells: CellCounts): number[] {
  return Array.from(cells, (_, cell) => cell).sort((a, b) => cells[b]! - cells[a]! || a - b)
}
