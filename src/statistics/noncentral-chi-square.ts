import { chiSquareCdf } from './chi-square.ts'
import { gammaTerm, lowerGamma } from './incomplete-gamma.ts'
import { normalCdf } from './normal.ts'

/** Above this noncentrality the sum has thousands of terms and the normal approximation is as good. */
const SUMMED_MAX = 10_000
const NEGLIGIBLE = 1e-17
/** Below it the recurrences divide by 0, and the value or the noncentrality is nothing. */
const TINY = 1e-300

/**
 * P(X <= x) for a noncentral chi-squared variable X.
 *
 * Up to a noncentrality of 1e4 the Poisson mixture of central distributions, summed from its largest weight
 * outwards: absolute error below 1e-11. Above, Sankaran's normal approximation of a power of X: absolute
 * error below 1e-6, which moves a 99 % bound of the noncentrality by less than 1e-6 of itself.
 * Source: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 2, ch. 29; compared with
 * scipy 1.17.1 `stats.ncx2.cdf`.
 * @throws STATE_IMPOSSIBLE unless degreesOfFreedom > 0 and x >= 0
 */
export function noncentralChiSquareCdf(x: number, degreesOfFreedom: number, noncentrality: number): number {
  if (noncentrality < TINY) return chiSquareCdf(x, degreesOfFreedom)
  if (x < TINY) return 0
  if (noncentrality > SUMMED_MAX) return sankaran(x, degreesOfFreedom, noncentrality)
  return poissonMixture(x / 2, degreesOfFreedom / 2, noncentrality / 2)
}

function poissonMixture(x: number, shape: number, rate: number): number {
  const mode = Math.floor(rate)
  const modeWeight = gammaTerm(mode, rate)
  const modeTerm = gammaTerm(shape + mode, x)
  const modeMass = lowerGamma(shape + mode, x)

  let sum = modeWeight * modeMass
  let weight = modeWeight
  let mass = modeMass
  // P(a + 1, x) = P(a, x) - x^a e^-x / Γ(a + 1).
  for (let j = mode, term = modeTerm; weight * mass > NEGLIGIBLE; j++) {
    mass = Math.max(0, mass - term)
    term *= x / (shape + j + 1)
    weight *= rate / (j + 1)
    sum += weight * mass
  }
  weight = modeWeight
  mass = modeMass
  for (let j = mode, term = modeTerm; j > 0 && weight > NEGLIGIBLE; j--) {
    term *= (shape + j) / x
    mass = Math.min(1, mass + term)
    weight *= j / rate
    sum += weight * mass
  }
  return Math.min(1, sum)
}

/** Sankaran, "Approximations to the non-central chi-square distribution", Biometrika 50 (1963). */
function sankaran(x: number, degreesOfFreedom: number, noncentrality: number): number {
  const mean = degreesOfFreedom + noncentrality
  const spread = degreesOfFreedom + 2 * noncentrality
  const power = 1 - (2 * mean * (degreesOfFreedom + 3 * noncentrality)) / (3 * spread * spread)
  const p = spread / (mean * mean)
  const m = (power - 1) * (1 - 3 * power)
  const centre = 1 + power * p * (power - 1 - 0.5 * (2 - power) * m * p)
  const scale = power * Math.sqrt(2 * p) * (1 + 0.5 * m * p)
  return normalCdf(((x / mean) ** power - centre) / scale)
}
