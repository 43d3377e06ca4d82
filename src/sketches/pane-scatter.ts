import { chiSquareSurvival } from '../statistics/chi-square.ts'
import type { DistributionPanes, OutcomePanes } from './reference-panes.ts'

/** Windows of fewer values have sums that no normal law fits. */
const PANE_VALUES_MIN = 20

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
 * windows, and for a distribution without components. The p-value is of the sum of squared deviations from the
 * common mean against chi-squared with components × (windows - 1) degrees of freedom.
 */
export function distributionScatter({ n, components, sums }: DistributionPanes): PaneScatter | null {
  const panes = [...n.keys()].filter((pane) => n[pane]! >= PANE_VALUES_MIN)
  let squares = 0
  for (let component = 0; component < components; component++) {
    const sumOf = (pane: number) => sums[pane * components + component]!
    let [total, values] = [0, 0]
    for (const pane of panes) {
      total += sumOf(pane)
      values += n[pane]!
    }
    for (const pane of panes) squares += (sumOf(pane) - (n[pane]! * total) / values) ** 2 / n[pane]!
  }
  return scatterOf(squares, panes.length, components)
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
  let squares = 0
  for (const pane of panes) {
    squares += (correct[pane]! - n[pane]! * share) ** 2 / (n[pane]! * share * (1 - share))
  }
  return scatterOf(squares, panes.length, 1)
}

function scatterOf(squares: number, panes: number, components: number): PaneScatter | null {
  const degrees = components * (panes - 1)
  if (degrees <= 0) return null
  return { panes, designEffect: squares / degrees, pValue: chiSquareSurvival(squares, degrees) }
}
