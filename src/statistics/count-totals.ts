import { DriftstreamError } from '../errors/driftstream-error.ts'

/** Counts on cells: what `Uint32Array`, `Float64Array` and plain arrays have in common. */
export type Counts = ArrayLike<number>

/** Sum of all cells; 0 for no cells. */
export function total(counts: Counts): number {
  let sum = 0
  for (let cell = 0; cell < counts.length; cell++) sum += counts[cell]!
  return sum
}

/** Two samples can only be compared on the same cells: anything else is a mistake of the caller. */
export function requireSameCells(window: Counts, reference: Counts): void {
  if (window.length === reference.length) return
  throw new DriftstreamError(
    'STATE_IMPOSSIBLE',
    `expected two samples counted on the same cells, got ${window.length} and ${reference.length} cells`,
  )
}
