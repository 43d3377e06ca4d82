import type { NullTally } from './null-cell.ts'

/** Tallies of several parts as one for each test and window size. */
export function mergeTallies(tallies: readonly NullTally[]): NullTally[] {
  const merged = new Map<string, NullTally>()
  for (const tally of tallies) {
    const key = `${tally.n} ${tally.test}`
    const before = merged.get(key)
    if (before === undefined) merged.set(key, tally)
    else {
      merged.set(key, {
        ...tally,
        windows: before.windows + tally.windows,
        hits: tally.hits.map((count, at) => count + before.hits[at]!),
        squares: tally.squares.map((count, at) => count + before.squares[at]!),
      })
    }
  }
  return [...merged.values()]
}

/**
 * The rate of false alarms over alpha, and its standard error from how it varies between references: windows
 * against one reference share that reference's error, so they are no independent draws. Never below the
 * error of as many independent windows at the rate named.
 */
export function rateOver(
  { windows, hits, squares }: NullTally,
  at: number,
  alpha: number,
  references: number,
): { ratio: number; standardError: number } {
  const perReference = hits[at]! / references
  const variance = Math.max(0, squares[at]! / references - perReference ** 2)
  const clustered = Math.sqrt(variance / references) / (windows / references)
  const independent = Math.sqrt((alpha * (1 - alpha)) / windows)
  return { ratio: hits[at]! / windows / alpha, standardError: Math.max(clustered, independent) / alpha }
}
