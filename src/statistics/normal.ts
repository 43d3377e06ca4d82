import { DriftstreamError } from '../errors/driftstream-error.ts'
import { upperGamma } from './incomplete-gamma.ts'

/**
 * P(Z > z) for a standard normal Z: the one-sided p-value of a z score.
 *
 * Relative error below 2e-12 in the upper tail down to 1e-300. NaN for NaN.
 * Written here because simple-statistics reads a table of four digits and its error function is good to
 * 1e-7 absolute; compared with scipy 1.17.1 `stats.norm.sf`.
 */
export function normalSurvival(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  const tail = 0.5 * upperGamma(0.5, (z * z) / 2)
  return z >= 0 ? tail : 1 - tail
}

/** P(Z <= z), accurate in the lower tail. */
export function normalCdf(z: number): number {
  return normalSurvival(-z)
}

/** P(|Z| > |z|): the two-sided p-value of a z score. */
export function normalTwoSided(z: number): number {
  return Number.isNaN(z) ? Number.NaN : upperGamma(0.5, (z * z) / 2)
}

/**
 * The z with P(Z <= z) = p.
 *
 * Absolute error below 1e-12 for p from 1e-300 to 0.5; above 0.5, as exact as 1 - p is in a double, so ask
 * for the tail and negate. A starting value (Abramowitz and Stegun 26.2.23, error below 4.5e-4) and three
 * of Halley's steps on our own tail. -Infinity for 0, Infinity for 1.
 * @throws STATE_IMPOSSIBLE unless 0 <= p <= 1
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new DriftstreamError('STATE_IMPOSSIBLE', `expected a probability from 0 to 1, got ${p}`)
  }
  if (p === 0) return -Infinity
  if (p === 1) return Infinity
  let known = quantiles.get(p)
  if (known === undefined) {
    known = p <= 0.5 ? -upperQuantile(p) : upperQuantile(1 - p)
    if (quantiles.size >= QUANTILES_MAX) quantiles.clear()
    quantiles.set(p, known)
  }
  return known
}

/** Levels and confidences follow from configurations: a handful, asked for at every look. */
const quantiles = new Map<number, number>()
/** So that a generator of probabilities does not fill the memory. */
const QUANTILES_MAX = 1000

/** The z >= 0 with P(Z > z) = tail, for 0 < tail <= 0.5. */
function upperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail))
  let z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
    const newton = (normalSurvival(z) - tail) / density
    z += newton / (1 + (z * newton) / 2)
  }
  return z
}
