import { gammaln } from 'simple-statistics'
import { DriftstreamError } from '../errors/driftstream-error.ts'

const NEGLIGIBLE = 1e-17

/**
 * The rate below which the true rate lies with confidence 1 - `level`, after `hits` of n.
 *
 * Exact: it is the rate at which so few hits have probability `level`, so it fails at most so often, at any
 * n. 1 where all were hits or nothing was seen.
 * Source: Clopper and Pearson, Biometrika 26 (1934); compared with scipy 1.17.1 `stats.beta.ppf`, relative
 * difference below 1e-9.
 * @throws STATE_IMPOSSIBLE unless 0 <= hits <= n, whole numbers, and 0 < level < 1
 */
export function rateUpperBound(hits: number, n: number, level: number): number {
  if (!(hits >= 0 && hits <= n && Number.isInteger(hits) && level > 0 && level < 1)) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected 0 to n whole hits and a level between 0 and 1, got ${hits} of ${n}, level ${level}`,
    )
  }
  if (hits === n) return 1
  let low = hits / n
  let high = 1
  while (high - low > low * 1e-12 + 1e-300) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (atMost(hits, n, middle) > level) low = middle
    else high = middle
  }
  return high
}

/** P(at most `hits` of n) where the rate lies above hits / n: terms fall from `hits` down. */
function atMost(hits: number, n: number, rate: number): number {
  const logFirst =
    gammaln(n + 1) -
    gammaln(hits + 1) -
    gammaln(n - hits + 1) +
    hits * Math.log(rate) +
    (n - hits) * Math.log1p(-rate)
  const odds = rate / (1 - rate)
  let term = 1
  let sum = 1
  for (let k = hits; k > 0; k--) {
    term *= k / ((n - k + 1) * odds)
    sum += term
    if (term < sum * NEGLIGIBLE) break
  }
  return Math.exp(logFirst) * sum
}
