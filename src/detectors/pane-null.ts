import type { Finding } from '../events/finding.ts'
import { PANE_VALUES_MIN } from '../sketches/pane-scatter.ts'
import { type DistributionPanes, paneMeans } from '../sketches/reference-panes.ts'
import { chiSquareUpperQuantile } from '../statistics/chi-square-quantile.ts'
import { dispersionOfMeans } from '../statistics/dispersion-of-means.ts'
import { fSurvival } from '../statistics/f-distribution.ts'
import { hotelling, type PaneLaw, paneLaw } from '../statistics/hotelling.ts'
import { PANES_MIN } from './guarantee.ts'

/** What a p-value rests on; see `Finding.null`. */
export type NullBasis = NonNullable<Finding['null']>

/** Windows of a reference scatter more than independent rows would where chance does so this rarely. */
export const OVERDISPERSED = 0.05

/** How one quantity, or a few that belong together, lie in the reference's base windows. */
export interface PaneScatter {
  readonly windows: number
  /** What the windows differ by; null where they are too few to tell. */
  readonly law: PaneLaw | null
  /** Standard deviation of the first component from window to window. */
  readonly deviation: number
  /** How many rows say as much as one independent one, by the scatter of the windows; 1 at least. */
  readonly designEffect: number
  /** p-value of rows being independent. */
  readonly pValue: number
}

export interface PaneVerdict {
  /** The larger of the two p-values where the windows decide. */
  readonly pValue: number
  readonly basis: NullBasis
  /** Of the first component's difference from the windows' mean; NaN unless the windows decide. */
  readonly standardError: number
}

/** The scatter of a distribution's components; null without a component. */
export function distributionScatter(panes: DistributionPanes | null | undefined): PaneScatter | null {
  if (panes === null || panes === undefined || panes.components === 0) return null
  const counts = panes.n.filter((n) => n >= PANE_VALUES_MIN)
  // The components have variance 1 over the reference's rows.
  return scatterOf(paneMeans(panes, PANE_VALUES_MIN), counts, 1)
}

/**
 * The scatter of a mean.
 * @param sums per window; @param counts rows of each window; @param rowVariance of one row
 */
export function meanScatter(
  sums: Float64Array,
  counts: Float64Array,
  rowVariance: number,
): PaneScatter | null {
  const kept = [...counts.keys()].filter((pane) => counts[pane]! >= PANE_VALUES_MIN)
  if (!(rowVariance > 0)) return null
  return scatterOf(
    kept.map((pane) => Float64Array.of(sums[pane]! / counts[pane]!)),
    Float64Array.from(kept, (pane) => counts[pane]!),
    rowVariance,
  )
}

/**
 * The scatter of what is estimated in each window apart; windows with an error of 0 have none.
 * @param errors standard errors, were rows independent
 */
export function estimateScatter(values: Float64Array, errors: Float64Array): PaneScatter | null {
  const kept = [...errors.keys()].filter((pane) => errors[pane]! > 0)
  return scatterOf(
    kept.map((pane) => Float64Array.of(values[pane]!)),
    // So many values of variance 1 have such an error.
    Float64Array.from(kept, (pane) => errors[pane]! ** -2),
    1,
  )
}

function scatterOf(
  means: readonly Float64Array[],
  counts: Float64Array,
  rowVariance: number,
): PaneScatter | null {
  const dispersion = dispersionOfMeans(means, counts, rowVariance)
  if (dispersion === null) return null
  return {
    windows: dispersion.groups,
    law: paneLaw(means),
    deviation: firstDeviation(means),
    designEffect: Math.max(1, dispersion.ratio),
    pValue: dispersion.pValue,
  }
}

/** Whether the windows scatter more than independent rows, and are enough to judge by. */
export function isOverdispersed({ law, windows, pValue }: PaneScatter): boolean {
  return law !== null && windows >= PANES_MIN && pValue < OVERDISPERSED
}

/** What p-values against this reference rest on. */
export function basisOf(scatter: PaneScatter | null): NullBasis {
  if (scatter === null) return 'unknown'
  if (isOverdispersed(scatter)) return 'panes'
  return scatter.windows >= PANES_MIN ? 'independent' : 'unknown'
}

/**
 * Judges a window by the scatter of the reference's own windows, where they scatter more than independent
 * rows would: Hotelling's T² of its means against theirs, with the F law of as many windows as there are,
 * and the larger of the two p-values wins. Otherwise the p-value of independent rows stands: `independent`
 * where enough windows agree with it, `unknown` where they are too few to tell.
 * @param means of the window, one a component; @param windows how many base windows it is as long as
 */
export function judgeByPanes(
  scatter: PaneScatter | null,
  means: Float64Array,
  windows: number,
  pValue: number,
): PaneVerdict {
  const basis = basisOf(scatter)
  const law = scatter?.law ?? null
  if (scatter === null || law === null || basis !== 'panes') {
    return { pValue, basis, standardError: Number.NaN }
  }
  const test = hotelling(law, means, windows)
  return {
    pValue: Math.max(pValue, test.pValue),
    basis,
    standardError: scatter.deviation * Math.sqrt(1 / windows + 1 / scatter.windows),
  }
}

function firstDeviation(means: readonly Float64Array[]): number {
  const mean = means.reduce((sum, row) => sum + row[0]!, 0) / means.length
  const squares = means.reduce((sum, row) => sum + (row[0]! - mean) ** 2, 0)
  return Math.sqrt(squares / (means.length - 1))
}

/**
 * The p-value of a test whose own scatter no window of the reference tells, made larger by the scatter of
 * something it hangs on (predictions and estimates on scores): the chi-squared value of the p-value over
 * the design effect, by the F law of as many windows.
 */
export function borrowedNull(
  scatter: PaneScatter | null,
  pValue: number,
): Omit<PaneVerdict, 'standardError'> {
  const basis = basisOf(scatter)
  if (scatter === null || basis !== 'panes' || pValue >= 1) return { pValue, basis }
  const chiSquare = chiSquareUpperQuantile(pValue, 1)
  const byPanes = fSurvival(chiSquare / scatter.designEffect, 1, scatter.windows - 1)
  return { pValue: Math.max(pValue, byPanes), basis }
}
