import type { Finding } from '../events/finding.ts'
import type { NumericCounts, NumericReference } from '../sketches/types.ts'
import { dkwMargin, ksOnGrid } from '../statistics/ks-on-grid.ts'
import { populationStability } from '../statistics/psi.ts'
import { psiBounds } from '../statistics/psi-interval.ts'
import { coarsen, sumGroups } from './coarsen.ts'
import { findingOf } from './finding-of.ts'
import { gridDistribution, isAtom } from './grid-distribution.ts'
import type { DetectionOptions } from './options.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { decimal } from './wording.ts'

/** The field's usual 10 to 20; finer cells see finer changes and need more values to be sure. */
const PSI_GROUPS_MAX = 20

/** A tenth of all values on the wrong side of some value: what PSI 0.1 is for a shift of a bell curve. */
const KS_DISTANCE_MIN = 0.1

/**
 * Compares the distribution of a numeric feature with its reference: one finding by PSI on at most 20
 * groups of bins, one by KS on all bins. Missing and malformed values are `judgeDataQuality`'s concern.
 *
 * Verdicts by `verdictOf`. PSI: `warning` from `psiWarning` on; `drifted` from `psiDrift` on, if its 99 %
 * lower bound reaches `psiWarning`. KS: against 0.1 with the Dvoretzky–Kiefer–Wolfowitz bound. `value` of KS is the distance over the edges; `effectUpper` includes
 * what the bins may hide.
 */
export function judgeNumericDrift(
  feature: string,
  reference: NumericReference,
  window: NumericCounts,
  options: DetectionOptions,
): Finding[] {
  const medians = medianMove(reference, window)
  return [
    judgePsi(feature, reference, window, options, medians),
    judgeKs(feature, reference, window, options, medians),
  ]
}

function judgePsi(
  feature: string,
  reference: NumericReference,
  window: NumericCounts,
  options: DetectionOptions,
  medians: string,
): Finding {
  const groups = coarsen(reference.counts.bins, PSI_GROUPS_MAX)
  const stability = populationStability(
    sumGroups(window.bins, groups),
    sumGroups(reference.counts.bins, groups),
  )
  const { psi, pValue, n, m } = stability
  const bounds = psiBounds(stability, EFFECT_CONFIDENCE)
  const threshold = options.psiWarning
  return findingOf({
    detector: 'numeric-drift',
    subject: feature,
    verdict: verdictOf(
      { n, m, pValue, effect: psi, effectLower: bounds.lower, threshold, driftThreshold: options.psiDrift },
      options,
    ),
    statistic: 'psi',
    value: psi,
    pValue,
    effectLower: bounds.lower,
    effectUpper: bounds.upper,
    threshold,
    n,
    m,
    message: `${feature} has PSI ${decimal(psi)} (at least ${decimal(bounds.lower)}) on ${n} values; ${medians}`,
  })
}

function judgeKs(
  feature: string,
  reference: NumericReference,
  window: NumericCounts,
  options: DetectionOptions,
  medians: string,
): Finding {
  const ks = ksOnGrid(window.bins, reference.counts.bins, (bin) => isAtom(reference.grid, bin))
  const { distance, distanceMax, pValue, n, m } = ks
  const margin = n > 0 && m > 0 ? dkwMargin(n, m, EFFECT_CONFIDENCE) : 1
  const effectLower = Math.max(0, distance - margin)
  const threshold = KS_DISTANCE_MIN
  return findingOf({
    detector: 'numeric-drift',
    subject: feature,
    verdict: verdictOf({ n, m, pValue, effect: distance, effectLower, threshold }, options),
    statistic: 'ks',
    value: distance,
    pValue,
    effectLower,
    effectUpper: Math.min(1, distanceMax + margin),
    threshold,
    n,
    m,
    message: `${feature} has KS distance ${decimal(distance)} (at least ${decimal(effectLower)}) on ${n} values; ${medians}`,
  })
}

function medianMove(reference: NumericReference, window: NumericCounts): string {
  const median = gridDistribution(reference.grid, window).quantile(0.5)
  const referenceMedian = gridDistribution(reference.grid, reference.counts).quantile(0.5)
  if (Number.isNaN(median) || Number.isNaN(referenceMedian)) return 'no median to compare'
  return `median ${decimal(median)}, ${decimal(referenceMedian)} in the reference`
}
