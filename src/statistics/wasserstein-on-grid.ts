import { type Counts, requireSameCells, total } from './count-totals.ts'

export interface Wasserstein {
  /** Mean way a value has to be moved, in the units of the feature. */
  readonly distance: number
  /** The same in standard deviations of the reference; Infinity where it has none and anything moved. */
  readonly inReferenceDeviations: number
}

/**
 * Wasserstein-1 distance of two count arrays whose cells stand at given places.
 *
 * The integral of |F - G|; a value inside a cell counts as standing at the cell's place, so the distance is off
 * by at most the mean half-width of the cells. An empty sample: 0.
 * Source: Vallender, Theory of Probability and its Applications 18 (1974); compared with scipy 1.17.1
 * `stats.wasserstein_distance`.
 * @param places finite, not falling, one a cell (e.g. the middles of the bins)
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function wassersteinOnGrid(window: Counts, reference: Counts, places: ArrayLike<number>): Wasserstein {
  requireSameCells(window, reference)
  requireSameCells(places, reference)
  const n = total(window)
  const m = total(reference)
  if (n === 0 || m === 0) return { distance: 0, inReferenceDeviations: 0 }
  let mean = 0
  for (let cell = 0; cell < places.length; cell++) mean += (reference[cell]! / m) * places[cell]!
  let below = 0
  let referenceBelow = 0
  let distance = 0
  let variance = 0
  for (let cell = 0; cell < places.length; cell++) {
    variance += (reference[cell]! / m) * (places[cell]! - mean) ** 2
    if (cell > 0) distance += Math.abs(below / n - referenceBelow / m) * (places[cell]! - places[cell - 1]!)
    below += window[cell]!
    referenceBelow += reference[cell]!
  }
  const inReferenceDeviations = distance === 0 ? 0 : distance / Math.sqrt(variance)
  return { distance, inReferenceDeviations }
}
