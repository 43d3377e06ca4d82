import { incompleteBeta } from './incomplete-beta.ts'

/**
 * P(F > x) for an F variable with `numerator` and `denominator` degrees of freedom, exact in the tail.
 * x <= 0: 1. Infinity: 0. Source: Abramowitz and Stegun 26.6.2; compared with scipy 1.17.1 `stats.f.sf`.
 * @throws STATE_IMPOSSIBLE unless both degrees of freedom are above 0
 */
export function fSurvival(x: number, numerator: number, denominator: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  const scaled = numerator * x
  const all = denominator + scaled
  return incompleteBeta(denominator / 2, numerator / 2, denominator / all, scaled / all)
}

/** P(|T| > |t|) for Student's t: the two-sided p-value of a difference over its estimated error. */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  return fSurvival(t * t, 1, degreesOfFreedom)
}
