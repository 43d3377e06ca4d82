import type { RateDifference } from '../statistics/binomial-rates.ts'
import { fSurvival } from '../statistics/f-distribution.ts'
import { rateOverPanes } from '../statistics/rate-over-panes.ts'
import { PANES_MIN } from './guarantee.ts'
import { borrowedNull, type NullBasis, OVERDISPERSED, type PaneScatter } from './pane-null.ts'

/** Hits and values of a rate in each of the reference's base windows. */
export interface RatePanes {
  readonly hits: Float64Array
  readonly sizes: Float64Array
}

export interface ScatteredRate extends Omit<RateDifference, 'midPValue'> {
  readonly basis: NullBasis
}

/** How many values say as much as one independent one, by the windows where they scatter; else 1. */
export function ratesDesignEffect(panes: RatePanes | null): number {
  if (panes === null) return 1
  const scatter = rateOverPanes(0, 1, panes.hits, panes.sizes)
  return scatter.panes >= PANES_MIN && scatter.dispersionPValue < OVERDISPERSED ? scatter.designEffect : 1
}

/**
 * A difference of rates with the scatter of the reference's windows in its price, where these differ more
 * than independent values would: the larger of the exact p-value and that of the F law of as many windows,
 * bounds wider by the root of the design effect. Otherwise as it was, and whether the windows confirm it.
 * @param size of the window and of the reference
 */
export function scatteredRate(
  change: RateDifference,
  size: { readonly n: number; readonly m: number },
  panes: RatePanes | null,
): ScatteredRate {
  const { n, m } = size
  if (panes === null || n === 0 || m === 0) return { ...change, basis: 'unknown' }
  const scatter = rateOverPanes(0, 1, panes.hits, panes.sizes)
  if (scatter.panes < PANES_MIN || scatter.dispersionPValue >= OVERDISPERSED) {
    return { ...change, basis: scatter.panes >= PANES_MIN ? 'independent' : 'unknown' }
  }
  const { rate, referenceRate, difference, lower, upper, pValue } = change
  const together = (rate * n + referenceRate * m) / (n + m)
  const variance = scatter.designEffect * together * (1 - together) * (1 / n + 1 / m)
  const wider = Math.sqrt(scatter.designEffect)
  const byPanes = variance > 0 ? fSurvival(difference ** 2 / variance, 1, scatter.panes - 1) : 1
  return {
    rate,
    referenceRate,
    difference,
    lower: difference - (difference - lower) * wider,
    upper: difference + (upper - difference) * wider,
    pValue: Math.max(pValue, byPanes),
    basis: 'panes',
  }
}

/**
 * A difference of rates whose own scatter no window tells, by that of a distribution it is part of or hangs
 * on: the rate of one class by all labels' components, that of far or unseen values by their feature's.
 */
export function borrowedRate(change: RateDifference, scatter: PaneScatter | null): ScatteredRate {
  const { pValue, basis } = borrowedNull(scatter, change.pValue)
  const wider = basis === 'panes' && scatter !== null ? Math.sqrt(scatter.designEffect) : 1
  const { difference } = change
  return {
    ...change,
    pValue,
    basis,
    lower: difference - (difference - change.lower) * wider,
    upper: difference + (change.upper - difference) * wider,
  }
}
