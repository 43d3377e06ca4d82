import type { Finding, Measure } from '../events/finding.ts'
import type { NumericCounts, NumericReference } from '../sketches/types.ts'
import { dkwMargin, ksOnGrid } from '../statistics/ks-on-grid.ts'
import type { CompiledDistribution } from './compiled-distribution.ts'
import { judgeDistribution } from './distribution-drift.ts'
import { divergences } from './divergences.ts'
import { gridDistribution, isAtom } from './grid-distribution.ts'
import type { TestOptions } from './options.ts'
import { EFFECT_CONFIDENCE } from './verdict.ts'
import { decimal } from './wording.ts'

/**
 * Compares the distribution of a numeric feature with its reference: one finding, decided by the omnibus on
 * all bins and by the PSI on at most 20 groups of them (`judgeDistribution`). Missing and malformed values
 * are `judgeDataQuality`'s concern.
 *
 * Reported beside it where it decides: KS over the edges with bounds (Dvoretzky–Kiefer–Wolfowitz; the upper
 * one includes what bins may hide), Jensen–Shannon divergence in nats, and the Wasserstein distance in
 * standard deviations of the reference.
 * @param compiled of the reference's bins
 * @param windows how many base windows of the reference this one is as long as
 */
export function judgeNumericDrift(
  feature: string,
  reference: NumericReference,
  compiled: CompiledDistribution,
  window: NumericCounts,
  windows: number,
  options: TestOptions,
): Finding {
  return judgeDistribution(
    {
      detector: 'numeric-drift',
      subject: feature,
      describe: () => medianMove(reference, window),
      measures: () => [ksMeasure(reference, window), ...divergences(reference, compiled, window)],
    },
    compiled,
    window.bins,
    windows,
    options,
  )
}

function ksMeasure(reference: NumericReference, window: NumericCounts): Measure {
  const atom = (bin: number): boolean => isAtom(reference.grid, bin)
  const { distance, distanceMax, n, m } = ksOnGrid(window.bins, reference.counts.bins, atom)
  const margin = n > 0 && m > 0 ? dkwMargin(n, m, EFFECT_CONFIDENCE) : 1
  return {
    statistic: 'ks',
    value: distance,
    lower: Math.max(0, distance - margin),
    upper: Math.min(1, distanceMax + margin),
  }
}

function medianMove(reference: NumericReference, window: NumericCounts): string {
  const median = gridDistribution(reference.grid, window).quantile(0.5)
  const referenceMedian = gridDistribution(reference.grid, reference.counts).quantile(0.5)
  if (Number.isNaN(median) || Number.isNaN(referenceMedian)) return 'no median to compare'
  return `median ${decimal(median)}, ${decimal(referenceMedian)} in the reference`
}
