import { type Counts, total } from './count-totals.ts'
import { incompleteBeta } from './incomplete-beta.ts'

/** Where a quantile lies, in cells of counts. */
export interface QuantileBounds {
  /** The cell of the sample's own quantile. */
  readonly cell: number
  /** The true quantile lies in no cell before this one, and in none after the other, with the confidence each. */
  readonly first: number
  readonly last: number
}

/**
 * A quantile of counts on cells and what it may be, whatever the values' law: the number of values below an
 * edge is binomial, so an edge that too few or too many of them lie below is not the quantile.
 *
 * Exact but for the whole numbers, which make it conservative: bounds are whole cells, and never too narrow.
 * Null without values.
 * Source: Thompson, Annals of Mathematical Statistics 7 (1936); Scheffé and Tukey, same, 16 (1945).
 * @param share of the values below the quantile, above 0 and below 1
 * @param worth how many values say as much as one independent one, at least 1
 */
export function quantileBounds(
  counts: Counts,
  share: number,
  confidence: number,
  worth = 1,
): QuantileBounds | null {
  const n = total(counts)
  if (n === 0) return null
  const level = 1 - confidence
  let [cell, first, last] = [-1, 0, counts.length - 1]
  let below = 0
  let isBefore = true
  for (let at = 0; at < counts.length; at++) {
    // P(so few below the lower edge, were the quantile below it, too).
    if (isBefore) isBefore = below < share * n && atMost(below / worth, n / worth, share) <= level
    if (isBefore) first = at
    if (counts[at] === 0) continue
    below += counts[at]!
    if (cell === -1 && below > 0 && below >= share * n) cell = at
    // P(so many below the upper edge, were the quantile above it).
    if (below > share * n && atMost((n - below) / worth, n / worth, 1 - share) <= level) {
      last = at
      break
    }
  }
  return { cell, first: Math.min(first, cell), last: Math.max(last, cell) }
}

/** P(at most `hits` of n), of numbers that need not be whole. */
function atMost(hits: number, n: number, rate: number): number {
  return hits >= n ? 1 : incompleteBeta(n - hits, hits + 1, 1 - rate, rate)
}
