import type { Finding } from '../events/finding.ts'
import type { CategoricalCounts, CategoricalReference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import { pearsonChiSquare } from '../statistics/pearson-chi-square.ts'
import { poolCells } from '../statistics/pool-cells.ts'
import { populationStability } from '../statistics/psi.ts'
import { psiBounds } from '../statistics/psi-interval.ts'
import { findingOf } from './finding-of.ts'
import type { DetectionOptions } from './options.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { decimal, percent } from './wording.ts'

const EXPECTED_MIN = 5

/**
 * Compares the categories of a feature, `other` and `unseen` among them, with its reference: one finding by
 * PSI and one by Pearson's chi-squared test.
 *
 * Categories too rare for a chi-squared law are pooled. Both findings weigh the same effect, the PSI; they
 * differ in the p-value. Verdicts by `verdictOf`: `warning` from `psiWarning` on, `drifted` from `psiDrift`
 * on, if the 99 % lower bound of the PSI reaches `psiWarning`.
 */
export function judgeCategoricalDrift(
  feature: string,
  reference: CategoricalReference,
  window: CategoricalCounts,
  options: DetectionOptions,
): Finding[] {
  const cells = poolCells(window.cells, reference.counts.cells, EXPECTED_MIN, false)
  const stability = populationStability(cells.window, cells.reference)
  const test = pearsonChiSquare(window.cells, reference.counts.cells)
  const bounds = psiBounds(stability, EFFECT_CONFIDENCE)
  const { psi, n, m } = stability
  const threshold = options.psiWarning
  const common = {
    detector: 'categorical-drift',
    subject: feature,
    effectLower: bounds.lower,
    effectUpper: bounds.upper,
    threshold,
    n,
    m,
  } as const
  const verdict = (pValue: number) =>
    verdictOf(
      { n, m, pValue, effect: psi, effectLower: bounds.lower, threshold, driftThreshold: options.psiDrift },
      options,
    )
  const moved = largestMove(reference, window)
  const size = `PSI ${decimal(psi)} (at least ${decimal(bounds.lower)})`

  return [
    findingOf({
      ...common,
      verdict: verdict(stability.pValue),
      statistic: 'psi',
      value: psi,
      pValue: stability.pValue,
      message: `${feature} has ${size} on ${n} values; ${moved}`,
    }),
    findingOf({
      ...common,
      verdict: verdict(test.pValue),
      statistic: 'chi-square',
      value: test.chiSquare,
      pValue: test.pValue,
      message: `${feature} has chi-square ${decimal(test.chiSquare)} with ${test.degreesOfFreedom} degrees of freedom, ${size} on ${n} values; ${moved}`,
    }),
  ]
}

/** The category whose share changed most, with both shares. */
function largestMove(reference: CategoricalReference, window: CategoricalCounts): string {
  const n = total(window.cells)
  const m = total(reference.counts.cells)
  if (n === 0 || m === 0) return 'no shares to compare'
  const share = (cell: number): number => window.cells[cell]! / n
  const referenceShare = (cell: number): number => reference.counts.cells[cell]! / m
  let largest = 0
  for (let cell = 1; cell < window.cells.length; cell++) {
    const move = Math.abs(share(cell) - referenceShare(cell))
    if (move > Math.abs(share(largest) - referenceShare(largest))) largest = cell
  }
  const name = cellName(reference.dictionary.categories, largest)
  return `${name} has ${percent(share(largest))}, ${percent(referenceShare(largest))} in the reference`
}

/** The cells after the categories are `other` and `unseen`. */
function cellName(categories: readonly string[], cell: number): string {
  const category = categories[cell]
  if (category !== undefined) return `"${category}"`
  return cell === categories.length ? 'the other categories together' : 'categories never seen before'
}
