import type { Finding } from '../events/finding.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { findingOf } from './finding-of.ts'
import type { DetectionOptions } from './options.ts'
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
}

/**
 * One data-quality finding: did this happen more often than in the reference? Verdict by `verdictOf`, the
 * 99 % lower bound of the rise against `qualityRise`; the reference may well have seen none at all.
 */
export function judgeRateRise(
  feature: string,
  comparison: RateComparison,
  options: DetectionOptions,
): Finding {
  const { statistic, hits, n, referenceHits, m, phrase } = comparison
  const { rate, referenceRate, difference, lower, upper, pValue } = rateDifference(
    hits,
    n,
    referenceHits,
    m,
    EFFECT_CONFIDENCE,
  )
  const threshold = options.qualityRise
  return findingOf({
    detector: 'data-quality',
    subject: feature,
    verdict: verdictOf({ n, m, pValue, effect: difference, effectLower: lower, threshold }, options),
    statistic,
    value: rate,
    referenceValue: referenceRate,
    pValue,
    effectLower: lower,
    effectUpper: upper,
    threshold,
    n,
    m,
    message: `${feature} ${phrase} ${percent(rate)} of ${n} values, ${percent(referenceRate)} in the reference`,
  })
}
