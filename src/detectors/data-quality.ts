import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { Finding } from '../events/finding.ts'
import type {
  CategoricalCounts,
  CategoricalReference,
  FeatureCounts,
  FeatureReference,
  NumericCounts,
  NumericReference,
} from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import type { TestOptions } from './options.ts'
import { judgeOutOfRange } from './out-of-range.ts'
import type { PaneScatter } from './pane-null.ts'
import { judgeRateRise, type RateComparison } from './rate-rise.ts'
import type { RatePanes } from './rate-scatter.ts'
import { judgeUnitChange } from './unit-change.ts'

/** How a feature lies in the reference's windows. */
export interface QualityScatter {
  readonly odd: RatePanes | null
  readonly values: PaneScatter | null
}

/**
 * Looks for a broken pipe: rates of missing values, of values of the wrong type (for numbers also NaN and
 * infinite), of categories never seen before, of values beyond the reference's range, and a change of unit.
 *
 * Verdicts by `verdictOf`: the 99 % lower bound of a rate's rise against `qualityRise`; a fall is never a
 * fault. Rates of missing and wrong values are shares of all values, the others of usable values. The
 * findings of the rates are always there, that of the unit only where one was recognised.
 * @param scatter of the reference's windows: missing and malformed values together, and the feature's own
 *   values, whose scatter stands for that of far and unseen ones
 * @throws STATE_IMPOSSIBLE when the window was counted as another type than the reference
 */
export function judgeDataQuality(
  feature: string,
  reference: FeatureReference,
  window: FeatureCounts,
  options: TestOptions,
  scatter: QualityScatter | null = null,
): Finding[] {
  if (reference.kind === 'numeric' && window.kind === 'numeric') {
    return judgeNumeric(feature, reference, window.counts, options, scatter)
  }
  if (reference.kind === 'categorical' && window.kind === 'categorical') {
    return judgeCategorical(feature, reference, window.counts, options, scatter)
  }
  throw new DriftstreamError(
    'STATE_IMPOSSIBLE',
    `expected ${reference.kind} counts of ${feature}, got ${window.kind} ones`,
    { feature },
  )
}

function judgeNumeric(
  feature: string,
  reference: NumericReference,
  window: NumericCounts,
  options: TestOptions,
  scatter: QualityScatter | null = null,
): Finding[] {
  const panes = scatter?.odd ?? null
  const unusable = (counts: NumericCounts): number => counts.wrongType + counts.nan + counts.infinite
  const n = total(window.bins) + window.missing + unusable(window)
  const m = total(reference.counts.bins) + reference.counts.missing + unusable(reference.counts)
  return [
    judgeRateRise(feature, { ...missing(window.missing, n, reference.counts.missing, m), panes }, options),
    judgeRateRise(
      feature,
      {
        statistic: 'wrong-type-rate',
        hits: unusable(window),
        n,
        referenceHits: unusable(reference.counts),
        m,
        phrase: 'is no finite number in',
        panes,
      },
      options,
    ),
    ...judgeOutOfRange(feature, reference, window, options, scatter?.values ?? null),
    ...judgeUnitChange(feature, reference, window, options),
  ]
}

function judgeCategorical(
  feature: string,
  reference: CategoricalReference,
  window: CategoricalCounts,
  options: TestOptions,
  scatter: QualityScatter | null = null,
): Finding[] {
  const panes = scatter?.odd ?? null
  const usable = total(window.cells)
  const referenceUsable = total(reference.counts.cells)
  const n = usable + window.missing + window.wrongType
  const m = referenceUsable + reference.counts.missing + reference.counts.wrongType
  const rates: RateComparison[] = [
    { ...missing(window.missing, n, reference.counts.missing, m), panes },
    {
      statistic: 'wrong-type-rate',
      hits: window.wrongType,
      n,
      referenceHits: reference.counts.wrongType,
      m,
      phrase: 'has the wrong type in',
      panes,
    },
    {
      statistic: 'unseen-rate',
      hits: window.cells.at(-1) ?? 0,
      n: usable,
      referenceHits: reference.counts.cells.at(-1) ?? 0,
      m: referenceUsable,
      phrase: 'is a category never seen before in',
      borrowed: scatter?.values ?? null,
    },
  ]
  return rates.map((rate) => judgeRateRise(feature, rate, options))
}

function missing(hits: number, n: number, referenceHits: number, m: number): RateComparison {
  return { statistic: 'missing-rate', hits, n, referenceHits, m, phrase: 'is missing in' }
}
