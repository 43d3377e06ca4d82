import { expectCounted, type Side } from './measure.ts'
import { columnOf, drawRows } from './streams/distributions.ts'

/** Something that takes the values of a few features, row by row: our counts, or a peer's sketches. */
export interface RowCounter {
  /** Forgets what was counted; edges and settings stay. */
  clear(): void
  /** Rows of one value a feature, one row after the other. */
  countRows(values: Float64Array): void
  /** Values taken since the last `clear`. */
  total(): number
}

const FEATURES = 50
const ROWS = 20_000

/** The rows that every counter of numeric values is given, and a sample a feature to cut edges from. */
export function numericRows(): { samples: readonly Float64Array[]; rows: Float64Array } {
  const sample = drawRows(FEATURES, ROWS, 'reference')
  const samples = Array.from({ length: FEATURES }, (_, feature) => columnOf(sample, FEATURES, feature))
  return { samples, rows: drawRows(FEATURES, ROWS, 'stream') }
}

/** Counts the rows from nothing. */
export function rowSide(counter: RowCounter, rows: Float64Array): Side {
  return {
    prepare: () => counter.clear(),
    run: () => counter.countRows(rows),
    check: () => expectCounted(counter.total(), rows.length),
    operations: rows.length,
  }
}
