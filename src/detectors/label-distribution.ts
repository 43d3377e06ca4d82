import type { Finding } from '../events/finding.ts'
import { exactTotal } from '../sketches/exact-sum.ts'
import { ERROR_SUMS } from '../sketches/outcome-layout.ts'
import { SIGNED_BINS } from '../sketches/signed-bins.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import type { Counts } from '../statistics/count-totals.ts'
import { differenceOfEstimates } from '../statistics/difference-of-estimates.ts'
import type { Estimate } from '../statistics/mean-with-error.ts'
import { normalQuantile } from '../statistics/normal.ts'
import { populationStability, stabilityIndex } from '../statistics/psi.ts'
import { psiBounds } from '../statistics/psi-interval.ts'
import { coarsen, sumGroups } from './coarsen.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import { borrowedNull, judgeByPanes, type PaneScatter } from './pane-null.ts'
import { smallestPsi } from './power.ts'
import { labelSquares } from './regression-metrics.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { decimal } from './wording.ts'

const GROUPS_MAX = 20

/**
 * Compares the mean of a regression's labels with the reference, in either direction.
 *
 * Verdict by `verdictOf`, against `labelRateChange` in units of two standard deviations of the reference's
 * labels: a rate is the mean of labels 0 and 1, and twice their standard deviation is at most 1. Undecided
 * without labels. Where the reference's windows scatter more than independent labels, they decide.
 * @param windows how many base windows of the reference this one is as long as
 */
export function judgeLabelMean(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  options: TestOptions,
  scatter: PaneScatter | null,
  windows: number,
): Finding {
  const { n } = window
  const m = reference.n
  const now = labelMean(window)
  const before = labelMean(reference)
  const common = { detector: 'label-drift', subject: 'label', statistic: 'label-mean', n, m } as const
  if (now === null || before === null) {
    const message = `no mean to compare: ${n} labels, ${m} in the reference`
    return findingOf({ ...common, verdict: 'undecided', value: Number.NaN, message })
  }
  const independent = differenceOfEstimates(now, before, EFFECT_CONFIDENCE)
  const { difference } = independent
  const law = judgeByPanes(scatter, Float64Array.of(now.value), windows, independent.pValue)
  const { pValue, basis } = law
  const reach = Math.max(
    (independent.upper - independent.lower) / 2,
    basis === 'panes' ? normalQuantile(EFFECT_CONFIDENCE) * law.standardError : 0,
  )
  const [lower, upper] = [difference - reach, difference + reach]
  const threshold = 2 * options.labelRateChange * Math.sqrt(labelSquares(reference) / m)
  const effect = Math.abs(difference)
  const effectLower = Math.max(lower, -upper)
  return findingOf({
    ...common,
    verdict: verdictOf({ n, m, pValue, effect, effectLower, threshold }, options),
    value: now.value,
    referenceValue: before.value,
    pValue,
    effectLower: lower,
    effectUpper: upper,
    threshold,
    alpha: options.alpha,
    null: basis,
    message: `labels are ${decimal(now.value)} on average of ${n}, ${decimal(before.value)} in the reference`,
  })
}

/**
 * Compares the distribution of a regression's labels with the reference by PSI, on at most 20 groups of the
 * bins of their histogram. Verdicts as of a numeric feature; labels that differ by less than a bin (a 16th
 * to a 32nd of their size) fall into one group and show in their mean alone.
 */
export function judgeLabelStability(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  options: TestOptions,
  scatter: PaneScatter | null,
): Finding {
  const groups = coarsen(reference.labels, GROUPS_MAX)
  const labels = window.labels.length === 0 ? new Uint32Array(SIGNED_BINS) : window.labels
  const [now, before] = [sumGroups(labels, groups), sumGroups(reference.labels, groups)]
  const { psi, n, m, ...independent } = populationStability(now, before)
  const { pValue, basis } = borrowedNull(scatter, independent.pValue)
  // Labels count for as little as the reference's windows make them worth.
  const designEffect = basis === 'panes' && scatter !== null ? scatter.designEffect : 1
  const worth = (counts: Counts): Counts => Float64Array.from(counts, (count) => count / designEffect)
  const { lower, upper } = psiBounds(stabilityIndex(worth(now), worth(before)), EFFECT_CONFIDENCE)
  const threshold = options.psiDrift
  const evidence = {
    n,
    m,
    pValue,
    effect: psi,
    effectLower: lower,
    effectUpper: upper,
    threshold,
    warningThreshold: options.psiWarning,
    resolution: designEffect * smallestPsi(options.alpha, n, m),
  }
  return findingOf({
    detector: 'label-drift',
    subject: 'label',
    verdict: verdictOf(evidence, options),
    statistic: 'psi',
    value: psi,
    pValue,
    effectLower: lower,
    effectUpper: upper,
    threshold,
    n,
    m,
    alpha: options.alpha,
    null: basis,
    message: `labels have PSI ${decimal(psi)} (at least ${decimal(lower)}) on ${n} values`,
  })
}

/** Null below two labels: one says nothing of their spread. */
function labelMean(counts: PerformanceCounts): Estimate | null {
  const { n, sums } = counts
  if (n < 2) return null
  const sum = exactTotal(sums, ERROR_SUMS.labelPositive) - exactTotal(sums, ERROR_SUMS.labelNegative)
  return { value: sum / n, standardError: Math.sqrt(labelSquares(counts) / (n - 1) / n) }
}
