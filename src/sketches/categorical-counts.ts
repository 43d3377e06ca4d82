import type { FeatureValue } from '../events/feature-event.ts'
import { addCells, cellTotal } from './cells.ts'
import type { CategoricalCounts, CategoricalReference, CategoryDictionary } from './types.ts'

/** Counts of nothing on a dictionary: all zero. */
export function createCategoricalCounts(dictionary: CategoryDictionary): CategoricalCounts {
  return { cells: new Uint32Array(dictionary.categories.length + 2), missing: 0, wrongType: 0 }
}

/**
 * Counts one value of a categorical feature. Texts, numbers and booleans are categories by their text, so
 * `1` and `"1"` are one; `undefined` and `null` are missing.
 *
 * A value not in the dictionary is `unseen` only where the dictionary holds every category of the
 * reference, which shows in the reference's own `other` count being zero. Where it does not, nobody knows
 * which values lay beyond the kept ones, and such a value is `other`.
 */
export function addCategorical(
  reference: CategoricalReference,
  counts: CategoricalCounts,
  value: FeatureValue | undefined,
): void {
  if (value === undefined || value === null) {
    counts.missing++
    return
  }
  const { categories, index } = reference.dictionary
  const known = index.get(typeof value === 'string' ? value : String(value))
  const cell =
    known ?? (reference.counts.cells[categories.length]! > 0 ? categories.length : categories.length + 1)
  counts.cells[cell] = counts.cells[cell]! + 1
}

/**
 * Adds `from` to `into`. Commutative and associative.
 * @throws STATE_IMPOSSIBLE when the two were counted on dictionaries of different length
 */
export function mergeCategoricalCounts(into: CategoricalCounts, from: CategoricalCounts): void {
  addCells(into.cells, from.cells)
  into.missing += from.missing
  into.wrongType += from.wrongType
}

/** Number of values counted that were not missing: categories, `other` and `unseen` together. */
export function categoricalTotal(counts: CategoricalCounts): number {
  return cellTotal(counts.cells)
}
