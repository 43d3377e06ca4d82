import { addNumeric, createNumericCounts, numericTotal } from '../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../src/sketches/numeric-grid.ts'
import type { NumericCounts, NumericGrid } from '../../src/sketches/types.ts'
import type { RowCounter } from '../row-counter.ts'

/** Numeric counting alone: values in, bins out, on grids cut from one sample a feature. */
export class NumericSubject implements RowCounter {
  readonly #grids: readonly NumericGrid[]
  #counts: NumericCounts[] = []

  constructor(samples: readonly Float64Array[]) {
    this.#grids = samples.map((sample) => cutGrid(sample))
    this.clear()
  }

  clear(): void {
    this.#counts = this.#grids.map(createNumericCounts)
  }

  /** Counts a run of values of the first feature. */
  countColumn(values: Float64Array): void {
    const [grid, counts] = [this.#grids[0]!, this.#counts[0]!]
    for (let index = 0; index < values.length; index++) addNumeric(grid, counts, values[index]!)
  }

  countRows(values: Float64Array): void {
    const grids = this.#grids
    const counts = this.#counts
    for (let index = 0; index < values.length; ) {
      for (let feature = 0; feature < grids.length; feature++, index++) {
        addNumeric(grids[feature]!, counts[feature]!, values[index]!)
      }
    }
  }

  total(): number {
    return this.#counts.reduce((sum, counts) => sum + numericTotal(counts), 0)
  }
}
