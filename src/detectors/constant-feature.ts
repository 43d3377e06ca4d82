import { gammaln } from 'simple-statistics'
import type { Finding } from '../events/finding.ts'
import type { FeatureCounts, FeatureReference } from '../sketches/types.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { type Counts, total } from '../statistics/count-totals.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { decimal, percent } from './wording.ts'

/**
 * A data-quality finding where a feature has one single value throughout the window and its reference makes
 * that improbable: a stuck sensor, a default in place of a value. None unless the window is constant.
 *
 * The p-value is the chance that all of n further draws fall into the cell of that value, given the
 * reference's counts (beta-binomial), for whichever cell: times the cells in use. Rows that come in runs
 * (a weekday in an hour) are no independent draws, so n is divided by the design effect of the reference's
 * windows, and the window asked is the feature's own, a whole period. The effect is the rise of the value's
 * share, against `qualityRise`.
 * @param designEffect how many rows say as much as one independent one, at least 1; 1 where nobody knows
 */
export function judgeConstant(
  feature: string,
  reference: FeatureReference,
  window: FeatureCounts,
  designEffect: number,
  options: TestOptions,
): Finding[] {
  const constant = constantOf(reference, window)
  if (constant === null) return []
  const { cell, name, cells, referenceCells } = constant
  const n = total(cells)
  const m = total(referenceCells)
  const before = referenceCells[cell]!
  const inUse = referenceCells.reduce<number>((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  const draws = Math.max(1, n / Math.max(1, designEffect))
  const pValue = Math.min(1, Math.max(1, inUse) * Math.exp(logChanceOfAll(draws, before, m)))
  const { difference, lower, upper, referenceRate } = rateDifference(n, n, before, m, EFFECT_CONFIDENCE)
  const threshold = options.qualityRise
  return [
    findingOf({
      detector: 'data-quality',
      subject: feature,
      statistic: 'constant',
      verdict: verdictOf({ n, m, pValue, effect: difference, effectLower: lower, threshold }, options),
      value: 1,
      referenceValue: referenceRate,
      pValue,
      effectLower: lower,
      effectUpper: upper,
      threshold,
      n,
      m,
      alpha: options.alpha,
      message: `${feature} is ${name} in all of ${n} values, in ${percent(referenceRate)} of the reference`,
    }),
  ]
}

interface Constant {
  readonly cell: number
  readonly name: string
  readonly cells: Counts
  readonly referenceCells: number[]
}

function constantOf(reference: FeatureReference, window: FeatureCounts): Constant | null {
  if (reference.kind === 'numeric' && window.kind === 'numeric') {
    const { bins, min, max } = window.counts
    if (min !== max) return null
    const cell = bins.findIndex((count) => count > 0)
    if (cell < 0) return null
    return { cell, name: decimal(min), cells: bins, referenceCells: [...reference.counts.bins] }
  }
  if (reference.kind === 'categorical' && window.kind === 'categorical') {
    const { cells } = window.counts
    const { categories } = reference.dictionary
    const cell = cells.findIndex((count) => count > 0)
    // What is in neither dictionary cell may be many values; that they are new the unseen rate tells.
    if (cell < 0 || cell >= categories.length || cells[cell] !== total(cells)) return null
    return { cell, name: `"${categories[cell]}"`, cells, referenceCells: [...reference.counts.cells] }
  }
  return null
}

/** ln of (c+1)…(c+n) / (m+1)…(m+n): all of n draws in a cell of c among m. */
function logChanceOfAll(n: number, c: number, m: number): number {
  return gammaln(c + n + 1) - gammaln(c + 1) - gammaln(m + n + 1) + gammaln(m + 1)
}
