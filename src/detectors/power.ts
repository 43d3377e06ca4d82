import { chiSquareUpperQuantile } from '../statistics/chi-square-quantile.ts'
import { noncentralityAt } from '../statistics/noncentrality.ts'
import { normalQuantile } from '../statistics/normal.ts'

/** How surely a change of the size told is found. */
const POWER = 0.8

/** A distribution is compared by four components: place, width, skew, tails. */
const COMPONENTS = 4

/** Smaller noncentralities are asked for again and again: one look-up by level. */
const noncentralities = new Map<number, number>()

/**
 * The noncentrality at which a chi-squared test with four degrees of freedom rejects at level `alpha` with
 * power 0.8: about 41 at 5.8e-7. Infinity at level 0.
 */
export function noncentralityNeeded(alpha: number): number {
  if (!(alpha > 0)) return Number.POSITIVE_INFINITY
  let needed = noncentralities.get(alpha)
  if (needed === undefined) {
    needed = noncentralityAt(
      chiSquareUpperQuantile(Math.min(alpha, POWER), COMPONENTS),
      COMPONENTS,
      1 - POWER,
    )
    // Levels follow from configurations: a handful. A generator of levels must not fill the memory.
    if (noncentralities.size >= 1000) noncentralities.clear()
    noncentralities.set(alpha, needed)
  }
  return needed
}

/**
 * The smallest PSI that a window of n values against m sees at level `alpha` with power 0.8. PSI is nearly
 * the square of a shift in standard deviations (small ones), so its root is the smallest shift.
 */
export function smallestPsi(alpha: number, n: number, m: number): number {
  return noncentralityNeeded(alpha) * (1 / n + 1 / m)
}

/** How many standard errors a change must have to be found at level `alpha`, two-sided, with power 0.8. */
export function standardErrorsNeeded(alpha: number): number {
  return alpha > 0
    ? -normalQuantile(Math.min(1, alpha) / 2) + normalQuantile(POWER)
    : Number.POSITIVE_INFINITY
}

/**
 * The smallest rise of a rate that n values against m see at level `alpha` with power 0.8: at the middle of
 * both rates, by the normal law, and at least what no hit at all would leave open.
 */
export function smallestRise(alpha: number, n: number, m: number, referenceRate: number): number {
  const reach = standardErrorsNeeded(alpha)
  if (!Number.isFinite(reach) || n === 0 || m === 0) return Number.POSITIVE_INFINITY
  const scale = 1 / n + 1 / m
  let rise = reach * reach * scale
  // The variance depends on the rise it is to find; the map is a contraction and four steps are enough.
  for (let step = 0; step < 8; step++) {
    const rate = Math.min(0.5, Math.max(referenceRate, 0) + rise / 2)
    rise = reach * Math.sqrt(rate * (1 - rate) * scale)
  }
  return rise
}

/**
 * The fewest values of a window, against m, whose scale 1/n + 1/m is at most `scale`; Infinity where the
 * reference alone is too small for it.
 */
export function sampleForScale(scale: number, m: number): number {
  const rest = scale - 1 / m
  return rest > 0 ? Math.ceil(1 / rest) : Number.POSITIVE_INFINITY
}
