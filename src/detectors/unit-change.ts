import type { Finding } from '../events/finding.ts'
import type { NumericCounts, NumericReference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import { dkwMargin, ksDistance, ksOnGrid } from '../statistics/ks-on-grid.ts'
import { findingOf } from './finding-of.ts'
import { type GridDistribution, gridDistribution } from './grid-distribution.ts'
import type { TestOptions } from './options.ts'
import { nearestConversion } from './units.ts'
import { EFFECT_CONFIDENCE } from './verdict.ts'
import { decimal } from './wording.ts'

export interface UnitFactor {
  /** Window values are about this many times the reference's. */
  readonly factor: number
  /** KS distance between the window and the reference times the factor. */
  readonly fit: number
}

const PROBABILITIES = Array.from({ length: 10 }, (_, index) => (2 * index + 1) / 20)
/** Half of the quantiles must lie where the grid can see them. */
const RATIOS_MIN = 5
/** Below this many values quantiles are too loose to tell 1.6 from 1.65. */
const VALUES_MIN = 500
const DISTANCE_MIN = 0.1
const FIT_MAX = 0.05

/**
 * The factor by which the window's distribution is a multiple of the reference's, and how well that fits:
 * the median ratio of ten quantiles, 5 % to 95 %.
 *
 * Null where fewer than five of them can be compared: beyond the outermost edges the grid knows no values,
 * and zeros have no ratio. So a factor of 100 is seen only in features that range over decades.
 */
export function estimateUnitFactor(reference: NumericReference, window: NumericCounts): UnitFactor | null {
  const { edges } = reference.grid
  const now = gridDistribution(reference.grid, window)
  const before = gridDistribution(reference.grid, reference.counts)
  const first = edges[0]
  const last = edges.at(-1)
  if (now.n === 0 || before.n === 0 || first === undefined || last === undefined) return null

  const ratios: number[] = []
  for (const probability of PROBABILITIES) {
    const value = now.quantile(probability)
    const ratio = value / before.quantile(probability)
    if (value >= first && value < last && ratio > 0 && ratio < Infinity) ratios.push(ratio)
  }
  if (ratios.length < RATIOS_MIN) return null
  ratios.sort((a, b) => a - b)
  const middle = ratios.length >> 1
  const factor = ratios.length % 2 === 1 ? ratios[middle]! : Math.sqrt(ratios[middle - 1]! * ratios[middle]!)
  return { factor, fit: distanceAfterScaling(edges, now, before, factor) }
}

/**
 * A data-quality finding where a feature has come to be measured in another unit (miles to kilometres):
 * none unless the window surely differs from the reference, is the reference's distribution times a factor
 * within a KS distance of 0.05 and a quarter of the difference, and the factor is that of a known mix-up.
 * `value` is the factor.
 */
export function judgeUnitChange(
  feature: string,
  reference: NumericReference,
  window: NumericCounts,
  options: TestOptions,
): Finding[] {
  const { bins } = reference.counts
  const [n, m] = [total(window.bins), total(bins)]
  if (Math.min(n, m) < Math.max(VALUES_MIN, options.sampleMin)) return []
  // Asked of every feature at every pane, so the cheapest answer comes first.
  const distance = ksDistance(window.bins, bins, n, m)
  if (distance - dkwMargin(n, m, EFFECT_CONFIDENCE) < DISTANCE_MIN) return []
  const { pValue } = ksOnGrid(window.bins, bins)
  if (!(pValue <= options.alpha)) return []
  const estimate = estimateUnitFactor(reference, window)
  if (estimate === null || estimate.fit > Math.min(FIT_MAX, distance / 4)) return []
  const conversion = nearestConversion(estimate.factor)
  if (conversion === null) return []
  return [
    findingOf({
      detector: 'data-quality',
      subject: feature,
      verdict: 'drifted',
      statistic: 'unit-factor',
      value: estimate.factor,
      referenceValue: 1,
      pValue,
      alpha: options.alpha,
      n,
      m,
      message: `${feature} is ${decimal(estimate.factor)} times the reference throughout, as if ${conversion.from} had become ${conversion.to} (KS distance ${decimal(distance)}, ${decimal(estimate.fit)} after conversion)`,
    }),
  ]
}

function distanceAfterScaling(
  edges: Float64Array,
  now: GridDistribution,
  before: GridDistribution,
  factor: number,
): number {
  let distance = 0
  for (const edge of edges) {
    distance = Math.max(distance, Math.abs(now.shareBelow(edge) - before.shareBelow(edge / factor)))
  }
  return distance
}
