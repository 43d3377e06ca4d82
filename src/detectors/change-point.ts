import type { Finding } from '../events/finding.ts'
import { type Counts, total } from '../statistics/count-totals.ts'
import { normalQuantile } from '../statistics/normal.ts'
import { EFFECT_CONFIDENCE } from './verdict.ts'

/** What one pane counted. */
export interface DatedCounts<Counts> {
  /** Start of the pane, epoch ms. */
  readonly start: number
  readonly counts: Counts
}

export interface ChangePoint {
  /** Start of the first pane of the changed stretch. */
  readonly start: number
  /** The largest value the statistic took. */
  readonly statistic: number
}

/**
 * The pane from which on everything together shows the change most: the start of the run of newest panes
 * that maximises a statistic of its summed counts. With a statistic that grows like a log-likelihood ratio
 * (`changeEvidence`, `countEvidence`) it is the maximum-likelihood estimate of the change point.
 *
 * Null without panes, or where the statistic is never finite; of equal values the earliest start wins.
 * @param panes in time order, newest last; @param merge must not change its arguments
 */
export function estimateChange<Counts>(
  panes: readonly DatedCounts<Counts>[],
  merge: (left: Counts, right: Counts) => Counts,
  statistic: (suffix: Counts) => number,
): ChangePoint | null {
  let best: ChangePoint | null = null
  let suffix: Counts | null = null
  for (const { start, counts } of panes.toReversed()) {
    suffix = suffix === null ? counts : merge(counts, suffix)
    const value = statistic(suffix)
    if (Number.isFinite(value) && (best === null || value >= best.statistic)) {
      best = { start, statistic: value }
    }
  }
  return best
}

/**
 * How strongly a finding about a rate or a metric speaks for a change, whatever its verdict, on the scale of
 * a chi-squared value: the squared z score of the change. It grows with the number of values while they are
 * all changed, and falls when unchanged ones join them. 0 where the finding has no numbers.
 */
export function changeEvidence(finding: Finding): number {
  const { value, effectLower, effectUpper, n, m } = finding
  if (value === null || n === 0 || m === 0) return 0
  if (effectLower === null || effectUpper === null || !(effectUpper > effectLower)) return 0
  const middle = (effectLower + effectUpper) / 2
  const standardError = (effectUpper - effectLower) / (2 * normalQuantile(EFFECT_CONFIDENCE))
  return (middle / standardError) ** 2
}

/**
 * How strongly counts speak for another law than that of the reference's counts on the same cells: twice the
 * logarithm of the likelihood ratio, a chi-squared value with cells - 1 degrees of freedom without change.
 * The reference's law is taken as known, with half a count more in every cell: against a law estimated from
 * both samples a long run of changed panes would seem less and less changed. 0 where a side is empty.
 * Source: Wilks, Annals of Mathematical Statistics 9 (1938).
 */
export function countEvidence(window: Counts, reference: Counts): number {
  const n = total(window)
  const m = total(reference)
  if (n === 0 || m === 0) return 0
  let sum = 0
  for (let cell = 0; cell < window.length; cell++) {
    const count = window[cell]!
    const share = (reference[cell]! + 0.5) / (m + 0.5 * window.length)
    if (count > 0) sum += count * Math.log(count / (n * share))
  }
  return 2 * sum
}
