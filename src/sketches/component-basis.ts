import { PANE_COMPONENTS_MAX } from './reference-panes.ts'
import type { CellCounts } from './types.ts'

/** What is left of a polynomial once the lower ones are taken out must be more than rounding. */
const NORM_MIN = 1e-6

/**
 * Values of the components at each cell: polynomials of degree 1 to 4 in the cells' mid-distribution, made
 * orthonormal on the cells' masses, so that over the counts themselves each has mean 0 and variance 1.
 * Shapes: cells → at most four arrays of as many cells, less where fewer than five cells hold anything,
 * none for fewer than two. Cells without mass have a value, too: what is counted there later moves it.
 *
 * Source: Neyman, Skandinavisk Aktuarietidskrift 20 (1937), on discrete masses.
 */
export function componentBasis(cells: CellCounts): Float64Array[] {
  const masses = massesOf(cells)
  let distinct = 0
  for (const mass of masses) if (mass > 0) distinct++
  const middles = new Float64Array(cells.length)
  let below = 0
  for (let cell = 0; cell < cells.length; cell++) {
    middles[cell] = 2 * (below + masses[cell]! / 2) - 1
    below += masses[cell]!
  }
  const basis: Float64Array[] = [new Float64Array(cells.length).fill(1)]
  const wanted = Math.min(PANE_COMPONENTS_MAX, distinct - 1)
  for (let degree = 1; degree <= wanted; degree++) {
    const next = basis[degree - 1]!.map((value, cell) => value * middles[cell]!)
    // Twice: what the first round leaves by rounding, the second takes out.
    for (let round = 0; round < 2; round++) {
      for (const lower of basis) subtract(next, lower, product(next, lower, masses))
    }
    const norm = Math.sqrt(product(next, next, masses))
    if (norm < NORM_MIN) break
    for (let cell = 0; cell < next.length; cell++) next[cell] = next[cell]! / norm
    basis.push(next)
  }
  return basis.slice(1)
}

/**
 * The cells by falling count, ties by their place: the order in which categories, which have none of their
 * own, have components.
 */
export function fallingOrder(cells: CellCounts): number[] {
  return Array.from(cells, (_, cell) => cell).sort((a, b) => cells[b]! - cells[a]! || a - b)
}

function massesOf(cells: CellCounts): Float64Array {
  let total = 0
  for (const count of cells) total += count
  return Float64Array.from(cells, (count) => (total === 0 ? 0 : count / total))
}

function product(a: Float64Array, b: Float64Array, masses: Float64Array): number {
  let sum = 0
  for (let cell = 0; cell < masses.length; cell++) sum += masses[cell]! * a[cell]! * b[cell]!
  return sum
}

function subtract(from: Float64Array, other: Float64Array, factor: number): void {
  for (let cell = 0; cell < from.length; cell++) from[cell] = from[cell]! - factor * other[cell]!
}
