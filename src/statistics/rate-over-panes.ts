import { DriftstreamError } from '../errors/driftstream-error.ts'
import { chiSquareSurvival } from './chi-square.ts'
import { fSurvival } from './f-distribution.ts'

export interface RateOverPanes {
  /** Variance of the panes' rates over what independent values would show, at least 1. */
  readonly designEffect: number
  /** That independent values' rates vary as much from pane to pane. */
  readonly dispersionPValue: number
  /** Two-sided, of the window's rate against the panes', by their own variation. */
  readonly pValue: number
  readonly panes: number
}

/**
 * Compares a window's rate with the rates of K reference panes by how much those vary: the one-dimensional
 * form of `hotelling` for rates, weighted by the sizes of the panes.
 *
 * phi = sum n_k (r_k - r)² / (r (1 - r)) / (K - 1), never taken below 1;
 * F = (window rate - r)² / (phi r (1 - r) (1 / n + 1 / N)) with 1 and K - 1 degrees of freedom. r is the rate
 * over panes and window together, so that a reference without any hit has a law as well. Where values are
 * independent the exact test (`rateDifference`) is the sharper one. Fewer than two panes with values, or an
 * empty window: p-value 1. For rates of rare hits (below 5 a pane) it is approximate: take the larger p.
 * Source: McCullagh and Nelder, Generalized Linear Models (1989), 4.5.
 * @throws STATE_IMPOSSIBLE unless 0 <= hits <= n in the window and every pane
 */
export function rateOverPanes(
  hits: number,
  n: number,
  paneHits: ArrayLike<number>,
  paneSizes: ArrayLike<number>,
): RateOverPanes {
  let allHits = 0
  let all = 0
  let panes = 0
  check(hits, n)
  for (let pane = 0; pane < paneSizes.length; pane++) {
    check(paneHits[pane]!, paneSizes[pane]!)
    if (paneSizes[pane] === 0) continue
    allHits += paneHits[pane]!
    all += paneSizes[pane]!
    panes++
  }
  const nothing = { designEffect: 1, dispersionPValue: 1, pValue: 1, panes }
  const rate = allHits / all
  const together = (allHits + hits) / (all + n)
  if (panes < 2 || n === 0 || !(together > 0 && together < 1)) return nothing

  let squares = 0
  for (let pane = 0; pane < paneSizes.length; pane++) {
    const size = paneSizes[pane]!
    if (size > 0) squares += (paneHits[pane]! - size * rate) ** 2 / size
  }
  const ownVariance = rate * (1 - rate)
  const dispersion = ownVariance > 0 ? squares / ownVariance : 0
  const designEffect = Math.max(1, dispersion / (panes - 1))
  const variance = designEffect * together * (1 - together) * (1 / n + 1 / all)
  return {
    designEffect,
    dispersionPValue: chiSquareSurvival(dispersion, panes - 1),
    pValue: fSurvival((hits / n - rate) ** 2 / variance, 1, panes - 1),
    panes,
  }
}

function check(hits: number, n: number): void {
  if (hits >= 0 && hits <= n) return
  throw new DriftstreamError('STATE_IMPOSSIBLE', `expected from 0 to n hits, got ${hits} of ${n}`)
}
