import type { Finding } from '../events/finding.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { type RateDifference, rateDifference } from '../statistics/binomial-rates.ts'
import { findingOf } from './finding-of.ts'
import { judgeLabelMean, judgeLabelStability } from './label-distribution.ts'
import type { LabelScatter } from './label-scatter.ts'
import { actualClasses } from './multiclass-metrics.ts'
import type { TestOptions } from './options.ts'
import { smallestRise } from './power.ts'
import { borrowedRate, type ScatteredRate, scatteredRate } from './rate-scatter.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { percent } from './wording.ts'

/** Labels of one kind on both sides. */
interface LabelRate {
  readonly statistic: string
  readonly hits: number
  readonly n: number
  readonly referenceHits: number
  readonly m: number
  /** Kinds looked at, of which this one moved most: its p-value pays for all. */
  readonly looks: number
  /** What the labels are: `positive`, `"cat"`. */
  readonly kind: string
}

/**
 * Compares the labels themselves with the reference, in either direction: for a binary model the rate of
 * positive ones, for a multiclass model the rate of the class that moved most, for a regression their mean
 * and their distribution.
 *
 * Verdict by `verdictOf`: the end of the 99 % interval of the change that is nearer to 0, against
 * `labelRateChange`; mean and distribution see `judgeLabelMean` and `judgeLabelStability`. Counts labelled
 * predictions, so a delay that differs between the classes shows as a change while labels are still coming
 * in. No finding for a multiclass model counted without classes.
 * @param classes of a multiclass model, for the message
 * @param scatter of labels over the reference's windows, and how many of these the window is as long as
 */
export function judgeLabelDrift(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  options: TestOptions,
  classes: readonly string[] = [],
  scatter: (LabelScatter & { readonly windows: number }) | null = null,
): Finding[] {
  if (reference.task !== window.task) return []
  switch (reference.task) {
    case 'binary':
      return [
        judgeRate(positiveRate(reference, window), options, (change, size) =>
          scatteredRate(change, size, scatter?.positives ?? null),
        ),
      ]
    case 'multiclass': {
      const rate = movedClass(reference, window, classes)
      return rate === null
        ? []
        : [judgeRate(rate, options, (change) => borrowedRate(change, scatter?.shares ?? null))]
    }
    case 'regression':
      return reference.labels.length === 0
        ? []
        : [
            judgeLabelMean(reference, window, options, scatter?.mean ?? null, scatter?.windows ?? 1),
            judgeLabelStability(reference, window, options, scatter?.shares ?? null),
          ]
  }
}

function positiveRate(reference: PerformanceCounts, window: PerformanceCounts): LabelRate {
  return {
    statistic: 'positive-rate',
    hits: window.truePositives + window.falseNegatives,
    n: window.n,
    referenceHits: reference.truePositives + reference.falseNegatives,
    m: reference.n,
    looks: 1,
    kind: 'positive',
  }
}

/** The class whose rate moved most, the ones counted together as `other` among them. */
function movedClass(
  reference: PerformanceCounts,
  window: PerformanceCounts,
  classes: readonly string[],
): LabelRate | null {
  const before = actualClasses(reference)
  const now = actualClasses(window)
  if (before.length === 0 || now.length !== before.length) return null
  const m = before.reduce((sum, count) => sum + count, 0)
  const n = now.reduce((sum, count) => sum + count, 0)
  const move = (at: number): number => Math.abs(now[at]! / n - before[at]! / m)
  let most = 0
  for (let at = 1; at < now.length; at++) if (move(at) > move(most)) most = at
  return {
    statistic: 'class-rate',
    hits: now[most]!,
    n,
    referenceHits: before[most]!,
    m,
    looks: now.length,
    kind: classes[most] === undefined ? 'of other classes' : `"${classes[most]}"`,
  }
}

/** What the reference's windows make of a difference of rates. */
type Scattering = (change: RateDifference, size: { readonly n: number; readonly m: number }) => ScatteredRate

function judgeRate(of: LabelRate, options: TestOptions, scattered: Scattering): Finding {
  const { statistic, hits, n, referenceHits, m, looks, kind } = of
  const independent = rateDifference(hits, n, referenceHits, m, EFFECT_CONFIDENCE)
  const change = scattered(independent, { n, m })
  const { rate, referenceRate, difference, lower, upper } = change
  const pValue = Math.min(1, looks * change.pValue)
  const threshold = options.labelRateChange
  const effect = Math.abs(difference)
  const effectLower = Math.max(lower, -upper)
  return findingOf({
    detector: 'label-drift',
    subject: 'label',
    verdict: verdictOf(
      {
        n,
        m,
        pValue,
        effect,
        effectLower,
        effectUpper: Math.max(upper, -lower),
        threshold,
        resolution: smallestRise(options.alpha / looks, n, m, referenceRate),
      },
      options,
    ),
    statistic,
    value: rate,
    referenceValue: referenceRate,
    pValue,
    effectLower: lower,
    effectUpper: upper,
    threshold,
    n,
    m,
    alpha: options.alpha,
    null: change.basis,
    message: `${percent(rate)} of ${n} labels are ${kind}, ${percent(referenceRate)} in the reference`,
  })
}
