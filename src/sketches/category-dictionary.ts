import type { CategoryDictionary } from './types.ts'

/** Categories kept per feature; what is rarer in the reference is counted together as `other`. */
const CATEGORIES_MAX = 256

/** A dictionary of these categories, in this order. */
export function createCategoryDictionary(categories: readonly string[]): CategoryDictionary {
  return { categories, index: new Map(categories.map((category, cell) => [category, cell])) }
}

/**
 * The `categoriesMax` most frequent categories in falling order of count, ties by code units of the name
 * (a locale's order differs between machines).
 */
export function cutDictionary(
  counts: Iterable<readonly [category: string, count: number]>,
  categoriesMax = CATEGORIES_MAX,
): CategoryDictionary {
  const ranked = [...counts].sort(byCountThenName).slice(0, categoriesMax)
  return createCategoryDictionary(ranked.map(([category]) => category))
}

/** Order of a dictionary: the most frequent first. */
export function byCountThenName(a: readonly [string, number], b: readonly [string, number]): number {
  if (a[1] !== b[1]) return b[1] - a[1]
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}
