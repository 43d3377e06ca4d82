import { expectCounted, type Side } from './measure.ts'

/** Something that takes a column of values. */
interface ColumnCounter {
  clear(): void
  countColumn(values: Float64Array): void
  total(): number
}

/** Counts the column from nothing. */
export function columnSide(counter: ColumnCounter, values: Float64Array): Side {
  return {
    prepare: () => counter.clear(),
    run: () => counter.countColumn(values),
    check: () => expectCounted(counter.total(), values.length),
    operations: values.length,
  }
}

/** Reads the column and sums it. */
export function readingSide(values: Float64Array): Side {
  let sum = 0
  return {
    run() {
      // In a variable of its own: one that a closure shares would be written to memory at every step.
      let added = 0
      for (let index = 0; index < values.length; index++) added += values[index]!
      sum = added
    },
    // The sum is looked at, so no compiler may leave the reading out.
    check: () => expectCounted(Number.isFinite(sum) ? values.length : 0, values.length),
    operations: values.length,
  }
}
