import type { Finding } from '../events/finding.ts'
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
 * (`changeEvidence`) it is the maximum-likelihood estimate of the change point.
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
 * How strongly a finding speaks for a change, whatever its verdict, on the scale of a chi-squared value: it
 * grows with the number of values while they are all changed, and falls when unchanged ones join them.
 *
 * PSI in units of its null law, chi-square as it is. KS: squared distance in its own. Rates and metrics:
 * the squared z score of the change. 0 where the finding has no numbers.
 */
export function changeEvidence(finding: Finding): number {
  const { statistic, value, effectLower, effectUpper, n, m } = finding
  if (value === null || n === 0 || m === 0) return 0
  const effective = (n * m) / (n + m)
  if (statistic === 'psi') return value * effective
  if (statistic === 'chi-square') return value
  if (statistic === 'ks') return value * value * effective
  if (effectLower === null || effectUpper === null || !(effectUpper > effectLower)) return 0
  const middle = (effectLower + effectUpper) / 2
  const standardError = (effectUpper - effectLower) / (2 * normalQuantile(EFFECT_CONFIDENCE))
  return (middle / standardError) ** 2
}
