/** Alternatives to "the mean is at most `baseline`", for 0/1 outcomes and for any values in [0, 1]. Plain data. */
export interface RateAlternatives {
  readonly baseline: number
  /** ln of the odds ratio of each alternative. */
  readonly tilts: Float64Array
  /** ln of the mean of e^(tilt x) of 0/1 outcomes at the baseline. */
  readonly logMeans: Float64Array
}

/**
 * Odds that rose by 13 %, 28 %, 65 %, 172 % and 640 %. At a rate of 0.1: to 0.112, 0.125, 0.155, 0.232 and
 * 0.451. The evidence of the best of them grows at 0.88 of the best possible rate or faster for any rise
 * from 0.1 to between 0.11 and 0.6.
 */
const TILTS = [0.125, 0.25, 0.5, 1, 2]

/** The alternatives of a rise above the baseline, a rate strictly between 0 and 1. */
export function rateAlternatives(baseline: number, tilts: readonly number[] = TILTS): RateAlternatives {
  return {
    baseline,
    tilts: Float64Array.from(tilts),
    logMeans: Float64Array.from(tilts, (tilt) => Math.log1p(baseline * Math.expm1(tilt))),
  }
}

/**
 * ln of the e-value of each alternative for n outcomes with `sum` errors (or losses in [0, 1] with that sum):
 * its mean is at most 1 while each outcome's mean, given those before it, is at most the baseline.
 *
 * e = exp(tilt sum) / (1 - p0 + p0 e^tilt)^n, the likelihood ratio of two rates. The order within the block
 * does not matter. It holds for losses between 0 and 1 because e^(tilt x) lies below its chord, with room to
 * spare where they have little spread: `loss-e-values.ts` uses the spread.
 * @param into one number an alternative
 */
export function writeRateEValues(
  { tilts, logMeans }: RateAlternatives,
  sum: number,
  n: number,
  into: Float64Array,
): void {
  for (let j = 0; j < tilts.length; j++) into[j] = tilts[j]! * sum - n * logMeans[j]!
}
