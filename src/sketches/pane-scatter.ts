import { dispersionOfMeans, type MeanDispersion } from '../statistics/dispersion-of-means.ts'
import { type DistributionPanes, type OutcomePanes, paneMeans } from './reference-panes.ts'

/** Windows of fewer values have sums that no normal law fits, and say little of their scatter. */
export const PANE_VALUES_MIN = 20

/** How much the windows of a reference differ from one another. */
export interface PaneScatter {
  /** Windows that take part. */
  readonly panes: number
  /**
   * Their scatter over that of independent rows: 1 where rows are independent; a window of n values then
   * says as much as n / designEffect independent ones would.
   */
  readonly designEffect: number
  /** That independent rows scatter at least as much, 0 to 1. */
  readonly pValue: number
}

/**
 * The scatter of a distribution's components between windows of at least 20 values; null for fewer than two
 * windows, and for a distribution without components. Over the reference's rows each has variance 1.
 */
export function distributionScatter(panes: DistributionPanes): PaneScatter | null {
  const counts = panes.n.filter((n) => n >= PANE_VALUES_MIN)
  return scatterOf(dispersionOfMeans(paneMeans(panes, PANE_VALUES_MIN), counts, 1))
}

/**
 * The scatter of the share of right predictions between windows of at least 20 labelled ones; null for fewer
 * than two, for regressions, and where all or none are right.
 */
export function accuracyScatter({ n, correct }: OutcomePanes): PaneScatter | null {
  if (correct.length === 0) return null
  const panes = [...n.keys()].filter((pane) => n[pane]! >= PANE_VALUES_MIN)
  let [hits, outcomes] = [0, 0]
  for (const pane of panes) {
    hits += correct[pane]!
    outcomes += n[pane]!
  }
  if (hits === 0 || hits === outcomes) return null
  const share = hits / outcomes
  const means = panes.map((pane) => [correct[pane]! / n[pane]!])
  const counts = panes.map((pane) => n[pane]!)
  return scatterOf(dispersionOfMeans(means, counts, share * (1 - share)))
}

function scatterOf(dispersion: MeanDispersion | null): PaneScatter | null {
  if (dispersion === null) return null
  return { panes: dispersion.groups, designEffect: dispersion.ratio, pValue: dispersion.pValue }
}
