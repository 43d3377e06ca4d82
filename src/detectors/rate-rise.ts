import type { Finding } from '../events/finding.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import type { PaneScatter } from './pane-null.ts'
import { smallestRise } from './power.ts'
import { borrowedRate, type RatePanes, scatteredRate } from './rate-scatter.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { percent } from './wording.ts'

/** How often something happened on each side, and how to say it. */
export interface RateComparison {
  readonly statistic: string
  readonly hits: number
  readonly n: number
  readonly referenceHits: number
  readonly m: number
  /** Follows the feature's name and precedes the share: `is missing in`. */
  readonly phrase: string
  /** The rate in the reference's windows, where they know it. */
  readonly panes?: RatePanes | null
  /** Where they do not: how the values of the feature themselves scatter. */
  readonly borrowed?: PaneScatter | null
}

/**
 * One data-quality finding: did this happen more often than in the reference? Verdict by `verdictOf`, the
 * 99 % lower bound of the rise against `qualityRise`; the reference may well have seen none at all. What no
 * pipe in order brings is judged from `qualitySampleMin` values on; what values can do by themselves (`borrowed`)
 * from `sampleMin` on: a few dozen of them in a row are neighbours, and move together.
 */
export function judgeRateRise(feature: string, comparison: RateComparison, options: TestOptions): Finding {
  const { statistic, hits, n, referenceHits, m, phrase, panes, borrowed } = comparison
  const independent = rateDifference(hits, n, referenceHits, m, EFFECT_CONFIDENCE)
  const { rate, referenceRate, difference, lower, upper, pValue, basis } =
    borrowed === undefined
      ? scatteredRate(independent, { n, m }, panes ?? null)
      : borrowedRate(independent, borrowed)
  const threshold = options.qualityRise
  // A fall is no fault, however sure.
  const pValueOfRise = difference > 0 ? pValue : 1
  return findingOf({
    detector: 'data-quality',
    subject: feature,
    verdict: verdictOf(
      {
        n,
        m,
        pValue: pValueOfRise,
        effect: difference,
        effectLower: lower,
        effectUpper: upper,
        threshold,
        resolution: smallestRise(options.alpha, n, m, referenceRate),
      },
      {
        alpha: options.alpha,
        sampleMin: borrowed === undefined ? options.qualitySampleMin : options.sampleMin,
      },
    ),
    statistic,
    value: rate,
    referenceValue: referenceRate,
    pValue: pValueOfRise,
    effectLower: lower,
    effectUpper: upper,
    threshold,
    n,
    m,
    alpha: options.alpha,
    null: basis,
    message: `${feature} ${phrase} ${percent(rate)} of ${n} values, ${percent(referenceRate)} in the reference`,
  })
}
