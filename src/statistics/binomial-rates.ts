import { DriftstreamError } from '../errors/driftstream-error.ts'
import { logHypergeometricLower, logHypergeometricUpper } from './hypergeometric-tail.ts'
import { normalQuantile } from './normal.ts'

export interface RateDifference {
  readonly rate: number
  readonly referenceRate: number
  readonly difference: number
  /** Bounds of the true difference, each holding with the confidence by itself. */
  readonly lower: number
  readonly upper: number
  /** Two-sided: twice the smaller tail of Fisher's exact test. Never too small. */
  readonly pValue: number
  /** The same with half of the probability of what was seen: about right on average, for reports. */
  readonly midPValue: number
}

/**
 * Compares two rates: `hits` of n in the window, `referenceHits` of m in the reference.
 *
 * Right at rate 0 and 1 as well (the reference has seen 0 missing of 470 000): the interval is Newcombe's
 * from two score intervals, the test is exact. An empty sample: rate NaN for it, p-value 1, bounds -1 and 1.
 * Source: Newcombe, Statistics in Medicine 17 (1998), method 10; Fisher's test compared with scipy 1.17.1
 * `stats.hypergeom`, relative error below 1e-7 at 1e6 values.
 * @param confidence of each bound, e.g. 0.99
 * @throws STATE_IMPOSSIBLE unless 0 <= hits <= n and 0 <= referenceHits <= m
 */
export function rateDifference(
  hits: number,
  n: number,
  referenceHits: number,
  m: number,
  confidence: number,
): RateDifference {
  requireShare(hits, n)
  requireShare(referenceHits, m)
  const rate = hits / n
  const referenceRate = referenceHits / m
  const difference = rate - referenceRate
  if (n === 0 || m === 0) {
    return { rate, referenceRate, difference, lower: -1, upper: 1, pValue: 1, midPValue: 1 }
  }
  const z = normalQuantile(confidence)
  const own = scoreInterval(hits, n, z)
  const other = scoreInterval(referenceHits, m, z)
  return {
    rate,
    referenceRate,
    difference,
    lower: difference - Math.hypot(rate - own.lower, other.upper - referenceRate),
    upper: difference + Math.hypot(own.upper - rate, referenceRate - other.lower),
    ...fisherTwoSided(hits, n, referenceHits, m),
  }
}

/** Wilson's score interval of one rate. */
function scoreInterval(hits: number, n: number, z: number): { lower: number; upper: number } {
  const rate = hits / n
  const centre = (hits + (z * z) / 2) / (n + z * z)
  const reach = (z / (n + z * z)) * Math.sqrt(n * rate * (1 - rate) + (z * z) / 4)
  return {
    lower: hits === 0 ? 0 : Math.max(0, centre - reach),
    upper: hits === n ? 1 : Math.min(1, centre + reach),
  }
}

/** Twice the smaller of the two tails that include what was seen; at most 1. */
function fisherTwoSided(
  hits: number,
  n: number,
  referenceHits: number,
  m: number,
): { pValue: number; midPValue: number } {
  const all = hits + referenceHits
  const atLeast = Math.exp(logHypergeometricUpper(hits, all, n, m))
  const atMost = Math.exp(logHypergeometricLower(hits, all, n, m))
  const more = hits < Math.min(n, all) ? Math.exp(logHypergeometricUpper(hits + 1, all, n, m)) : 0
  const fewer = hits > Math.max(0, all - m) ? Math.exp(logHypergeometricLower(hits - 1, all, n, m)) : 0
  return {
    pValue: Math.min(1, 2 * Math.min(atLeast, atMost)),
    midPValue: Math.min(1, atLeast + more, atMost + fewer),
  }
}

function requireShare(hits: number, n: number): void {
  if (hits >= 0 && hits <= n) return
  throw new DriftstreamError('STATE_IMPOSSIBLE', `expected from 0 to n hits, got ${hits} of ${n}`)
}
