import type { Measure } from '../events/finding.ts'
import type { NumericCounts, NumericReference } from '../sketches/types.ts'
import type { Counts } from '../statistics/count-totals.ts'
import { hellinger } from '../statistics/hellinger.ts'
import { jensenShannon } from '../statistics/jensen-shannon.ts'
import { wassersteinOnGrid } from '../statistics/wasserstein-on-grid.ts'
import type { CompiledDistribution } from './compiled-distribution.ts'

/**
 * Measures of a numeric feature's change beside the PSI, that other tools call drift by: Jensen–Shannon
 * divergence (nats) and Hellinger distance on the cells of the PSI, and the Wasserstein distance in standard
 * deviations of the reference, every value taken for the middle of its bin.
 */
export function divergences(
  { grid, counts }: NumericReference,
  compiled: CompiledDistribution,
  window: NumericCounts,
): Measure[] {
  const places = binMiddles({ grid, counts }, window)
  const { inReferenceDeviations } = wassersteinOnGrid(window.bins, counts.bins, places)
  return [
    ...cellDivergences(compiled, window.bins),
    { statistic: 'wasserstein', value: inReferenceDeviations },
  ]
}

/** Of the cells alone, whatever they stand for. */
export function cellDivergences({ pooled, pooledReference }: CompiledDistribution, cells: Counts): Measure[] {
  const [now, before] = [pooled(cells), pooledReference]
  return [
    { statistic: 'js', value: jensenShannon(now, before) },
    { statistic: 'hellinger', value: hellinger(now, before) },
  ]
}

/** Where each bin stands; the outer ones reach to the least and the greatest value counted on either side. */
export function binMiddles(
  { grid, counts }: Pick<NumericReference, 'grid' | 'counts'>,
  window: NumericCounts,
): Float64Array {
  const { edges } = grid
  const min = Math.min(counts.min, window.min)
  const max = Math.max(counts.max, window.max)
  return Float64Array.from({ length: edges.length + 1 }, (_, bin) => {
    const low = bin === 0 ? min : edges[bin - 1]!
    const high = bin === edges.length ? max : edges[bin]!
    return Math.min(low, high) / 2 + Math.max(low, high) / 2
  })
}
