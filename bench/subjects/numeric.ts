import { type BlockLayout, compileLayout } from '../../src/sketches/block-layout.ts'
import { featureCounts } from '../../src/sketches/block-views.ts'
import { countColumn } from '../../src/sketches/count-column.ts'
import { createFeatureBlock } from '../../src/sketches/feature-block.ts'
import { addNumeric, createNumericCounts, numericTotal } from '../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../src/sketches/numeric-grid.ts'
import {
  countStagedRows,
  createStagedRows,
  STAGED_ROWS_MAX,
  type StagedRows,
  stageRow,
} from '../../src/sketches/staged-rows.ts'
import type { FeatureBlock, FeatureReference } from '../../src/sketches/types.ts'
import type { RowCounter } from '../row-counter.ts'

/** Numeric counting alone: rows of values in, bins of one block out, on grids cut from one sample a feature. */
export class NumericSubject implements RowCounter {
  readonly #layout: BlockLayout
  readonly #row: number[]
  readonly #staged: StagedRows
  #block: FeatureBlock

  constructor(samples: readonly Float64Array[]) {
    const features = samples.map((sample, index): [string, FeatureReference] => {
      const grid = cutGrid(sample)
      const counts = createNumericCounts(grid)
      for (const value of sample) addNumeric(grid, counts, value)
      return [`f${index}`, { kind: 'numeric', grid, counts }]
    })
    this.#layout = compileLayout(new Map(features))
    this.#row = Array<number>(samples.length).fill(0)
    this.#staged = createStagedRows(samples.length, STAGED_ROWS_MAX)
    this.#block = createFeatureBlock(this.#layout.shape)
  }

  clear(): void {
    this.#block = createFeatureBlock(this.#layout.shape)
  }

  /** Counts a run of values of the first feature. */
  countColumn(values: Float64Array): void {
    countColumn(this.#block, this.#layout, 0, values)
  }

  countRows(values: Float64Array): void {
    const row = this.#row
    const width = row.length
    for (let index = 0; index < values.length; index += width) {
      for (let feature = 0; feature < width; feature++) row[feature] = values[index + feature]!
      stageRow(this.#staged, this.#block, this.#layout, row, { id: '' })
      if (this.#staged.count === STAGED_ROWS_MAX) countStagedRows(this.#staged, this.#block, this.#layout)
    }
    countStagedRows(this.#staged, this.#block, this.#layout)
  }

  total(): number {
    let total = 0
    for (let feature = 0; feature < this.#row.length; feature++) {
      const counts = featureCounts(this.#block, feature)
      if (counts.kind === 'numeric') total += numericTotal(counts.counts)
    }
    return total
  }
}
