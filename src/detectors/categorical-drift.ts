import type { Finding } from '../events/finding.ts'
import type { CategoricalCounts, CategoricalReference } from '../sketches/types.ts'
import { type Counts, total } from '../statistics/count-totals.ts'
import type { CompiledDistribution } from './compiled-distribution.ts'
import { judgeDistribution } from './distribution-drift.ts'
import { cellDivergences } from './divergences.ts'
import type { TestOptions } from './options.ts'
import { percent } from './wording.ts'

/**
 * Compares the categories of a feature, `other` and `unseen` among them, with its reference: one finding,
 * decided by Pearson's chi-squared test with the most surprising cell beside it, and by the PSI
 * (`judgeDistribution`). Categories too rare for a chi-squared law are pooled. Jensen–Shannon divergence
 * (nats) and Hellinger distance are reported beside it.
 * @param compiled of the reference's cells
 * @param windows how many base windows of the reference this one is as long as
 */
export function judgeCategoricalDrift(
  feature: string,
  reference: CategoricalReference,
  compiled: CompiledDistribution,
  window: CategoricalCounts,
  windows: number,
  options: TestOptions,
): Finding {
  const { categories } = reference.dictionary
  return judgeDistribution(
    {
      detector: 'categorical-drift',
      subject: feature,
      describe: () => largestMove(reference.counts.cells, window.cells, (cell) => cellName(categories, cell)),
      measures: () => cellDivergences(compiled, window.cells),
    },
    compiled,
    window.cells,
    windows,
    options,
  )
}

/** The cell whose share changed most, with both shares. */
export function largestMove(reference: Counts, window: Counts, nameOf: (cell: number) => string): string {
  const n = total(window)
  const m = total(reference)
  if (n === 0 || m === 0) return 'no shares to compare'
  const share = (cell: number): number => window[cell]! / n
  const referenceShare = (cell: number): number => reference[cell]! / m
  let largest = 0
  for (let cell = 1; cell < window.length; cell++) {
    const move = Math.abs(share(cell) - referenceShare(cell))
    if (move > Math.abs(share(largest) - referenceShare(largest))) largest = cell
  }
  return `${nameOf(largest)} has ${percent(share(largest))}, ${percent(referenceShare(largest))} in the reference`
}

/** The cells after the categories are `other` and `unseen`. */
function cellName(categories: readonly string[], cell: number): string {
  const category = categories[cell]
  if (category !== undefined) return `"${category}"`
  return cell === categories.length ? 'the other categories together' : 'categories never seen before'
}
