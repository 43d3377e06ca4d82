import type { FeatureValue } from '../events/feature-event.ts'
import { addCells, cellTotal } from './cells.ts'
import { binOf } from './numeric-grid.ts'
import type { NumericCounts, NumericGrid } from './types.ts'

/** Counts of nothing on a grid: all zero, `min` +Infinity, `max` -Infinity. */
export function createNumericCounts(grid: NumericGrid): NumericCounts {
  return {
    bins: new Uint32Array(grid.edges.length + 1),
    missing: 0,
    nan: 0,
    infinite: 0,
    wrongType: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  }
}

/**
 * Counts one value of a numeric feature. `undefined` and `null` are missing; NaN and the infinities, also
 * as the texts "NaN", "Infinity" and "-Infinity" (JSON has no other way to write them), have counters of
 * their own; every other text and every boolean is of the wrong type and is never coerced.
 * A bin wraps beyond 2^32 - 1 values.
 */
export function addNumeric(grid: NumericGrid, counts: NumericCounts, value: FeatureValue | undefined): void {
  if (typeof value === 'number') {
    // Equal to itself after subtraction only where finite: NaN and the infinities give NaN.
    if (value - value === 0) {
      const bin = binOf(grid.edges, value)
      counts.bins[bin] = counts.bins[bin]! + 1
      // Adding 0 turns -0 into 0: which of the two came first must not show.
      if (value < counts.min) counts.min = value + 0
      if (value > counts.max) counts.max = value + 0
    } else if (Number.isNaN(value)) counts.nan++
    else counts.infinite++
  } else if (value === undefined || value === null) counts.missing++
  else if (value === 'NaN') counts.nan++
  else if (value === 'Infinity' || value === '-Infinity') counts.infinite++
  else counts.wrongType++
}

/**
 * Adds `from` to `into`. Commutative and associative: integer addition, minimum and maximum.
 * @throws STATE_IMPOSSIBLE when the two were counted on grids of different length
 */
export function mergeNumericCounts(into: NumericCounts, from: NumericCounts): void {
  addCells(into.bins, from.bins)
  into.missing += from.missing
  into.nan += from.nan
  into.infinite += from.infinite
  into.wrongType += from.wrongType
  into.min = Math.min(into.min, from.min)
  into.max = Math.max(into.max, from.max)
}

/** Number of finite values counted: the sum of the bins. */
export function numericTotal(counts: NumericCounts): number {
  return cellTotal(counts.bins)
}
