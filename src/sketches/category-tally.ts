import { byCountThenName } from './category-dictionary.ts'

/** Distinct categories tallied at once; an identifier mistaken for a category has millions. */
const TALLIED_MAX = 65_536

/** Counts texts in bounded memory. */
export interface CategoryTally {
  add(category: string): void
  /** The categories and how often they came, in no order. */
  entries(): Iterable<readonly [category: string, count: number]>
}

/**
 * Exact up to 65 536 distinct categories. Beyond, the rarer half is forgotten whenever the tally is full:
 * a category frequent all along keeps its exact count, one that was rare once may have lost some.
 */
export function createCategoryTally(): CategoryTally {
  let tally = new Map<string, number>()
  return {
    add(category) {
      tally.set(category, (tally.get(category) ?? 0) + 1)
      if (tally.size > TALLIED_MAX) {
        tally = new Map([...tally].sort(byCountThenName).slice(0, TALLIED_MAX / 2))
      }
    },
    entries: () => tally,
  }
}
