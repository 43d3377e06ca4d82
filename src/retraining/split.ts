import type { RetrainingOptions } from './options.ts'

export type TimeSplit<Row> =
  | {
      readonly kind: 'split'
      readonly train: readonly Row[]
      readonly holdout: readonly Row[]
      /** Every holdout row is at or after this event time, every training row before it. */
      readonly cutAt: number
    }
  | { readonly kind: 'too-small'; readonly reason: string }

/**
 * Splits labelled rows by event time: the latest `holdoutShare` of them is kept from the trainer, because a
 * candidate will serve the future of what it learnt from. Rows of one time stay together; where the cut falls
 * among them they go to the side that leaves the holdout nearer to its share.
 *
 * Both sides come in the order of time, then id, so the order of `rows` does not matter. `too-small` when a
 * side would be empty or the holdout below `holdoutMin`. Times must be finite.
 */
export function splitByTime<Row extends { readonly id: string; readonly at: number }>(
  rows: readonly Row[],
  { holdoutShare, holdoutMin }: Pick<RetrainingOptions, 'holdoutShare' | 'holdoutMin'>,
): TimeSplit<Row> {
  const sorted = rows.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const cut = cutIndex(sorted, Math.round(sorted.length * (1 - holdoutShare)))
  if (cut === null) {
    return { kind: 'too-small', reason: `${rows.length} labelled events cannot be cut in two by time` }
  }
  const holdout = sorted.slice(cut)
  if (holdout.length < holdoutMin) {
    const reason = `${holdout.length} of ${holdoutMin} holdout events, from ${rows.length} labelled ones`
    return { kind: 'too-small', reason }
  }
  return { kind: 'split', train: sorted.slice(0, cut), holdout, cutAt: sorted[cut]!.at }
}

/** Of the two ends of the run of equal times around `wanted`, the nearer one that leaves no side empty. */
function cutIndex(sorted: readonly { readonly at: number }[], wanted: number): number | null {
  const at = sorted[Math.min(wanted, sorted.length - 1)]?.at
  const before = sorted.findIndex((row) => row.at === at)
  const after = sorted.findLastIndex((row) => row.at === at) + 1
  const possible = [before, after].filter((cut) => cut > 0 && cut < sorted.length)
  return possible.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? null
}
