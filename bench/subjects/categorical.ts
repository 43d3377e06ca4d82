import { type BlockLayout, compileLayout } from '../../src/sketches/block-layout.ts'
import { featureCounts } from '../../src/sketches/block-views.ts'
import { categoricalTotal } from '../../src/sketches/categorical-counts.ts'
import { countValues } from '../../src/sketches/count-values.ts'
import { createFeatureBlock } from '../../src/sketches/feature-block.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import type { FeatureBlock } from '../../src/sketches/types.ts'

/** Categorical counting alone, on the dictionary of a sample. */
export class CategoricalSubject {
  readonly #layout: BlockLayout
  readonly #row = ['']
  #block: FeatureBlock

  constructor(sample: readonly string[]) {
    const { features } = buildReference({
      model: 'bench',
      version: '1',
      createdAt: 0,
      task: 'binary',
      positiveLabel: '1',
      features: new Map([['category', 'categorical']]),
      rows: () => sample.map((category) => ({ features: { category } })),
    })
    this.#layout = compileLayout(features)
    this.#block = createFeatureBlock(this.#layout.shape)
  }

  clear(): void {
    this.#block = createFeatureBlock(this.#layout.shape)
  }

  count(values: readonly string[]): void {
    const row = this.#row
    for (let index = 0; index < values.length; index++) {
      row[0] = values[index]!
      countValues(this.#block, this.#layout, row, '')
    }
  }

  total(): number {
    const counts = featureCounts(this.#block, 0)
    return counts.kind === 'categorical' ? categoricalTotal(counts.counts) : Number.NaN
  }
}
