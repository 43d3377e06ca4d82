import {
  addCategorical,
  categoricalTotal,
  createCategoricalCounts,
} from '../../src/sketches/categorical-counts.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import type { CategoricalCounts, CategoricalReference } from '../../src/sketches/types.ts'

/** Categorical counting alone, on the dictionary of a sample. */
export class CategoricalSubject {
  readonly #reference: CategoricalReference
  #counts: CategoricalCounts

  constructor(sample: readonly string[]) {
    const reference = buildReference({
      model: 'bench',
      version: '1',
      createdAt: 0,
      task: 'binary',
      positiveLabel: '1',
      features: new Map([['category', 'categorical']]),
      rows: () => sample.map((category) => ({ features: { category } })),
    }).features.get('category')
    if (reference?.kind !== 'categorical') throw new Error('expected a categorical reference')
    this.#reference = reference
    this.#counts = createCategoricalCounts(reference.dictionary)
  }

  clear(): void {
    this.#counts = createCategoricalCounts(this.#reference.dictionary)
  }

  count(values: readonly string[]): void {
    const reference = this.#reference
    const counts = this.#counts
    for (let index = 0; index < values.length; index++) addCategorical(reference, counts, values[index])
  }

  total(): number {
    return categoricalTotal(this.#counts)
  }
}
