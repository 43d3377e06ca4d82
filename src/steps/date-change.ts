import { changeEvidence, countEvidence, estimateChange } from '../detectors/change-point.ts'
import { judgePerformance } from '../detectors/performance.ts'
import type { Finding } from '../events/finding.ts'
import { layoutOf } from '../sketches/block-layout.ts'
import { delayCellsWithin, delaysWithin } from '../sketches/label-delays.ts'
import { clonePerformanceCounts, mergePerformanceCounts } from '../sketches/performance-counts.ts'
import type { PerformanceCounts, Reference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import { featureTrailFrom, outcomeTrailFrom, type WindowStore } from '../windows/window-store.ts'
import { type CoarseFeature, coarseFeature, coarseReference } from './coarse-features.ts'
import type { ModelOptions } from './options.ts'

/**
 * When the change behind a finding began: the start of the run of newest panes, from `fromMs` on, that
 * speaks most for it. Null where nothing is remembered of what the finding is about.
 */
export function dateChange(
  finding: Finding,
  model: ModelOptions,
  reference: Reference,
  store: WindowStore,
  fromMs: number,
): number | null {
  switch (finding.detector) {
    case 'performance':
      return datePerformance(finding, model, reference, store, fromMs)
    case 'label-delay':
      return dateDelay(model, reference, store, fromMs)
    case 'numeric-drift':
    case 'categorical-drift':
    case 'data-quality':
      return dateFeature(finding, reference, store, fromMs)
    default:
      // Of scores and labels by themselves no pane is remembered: a feature may have such a name.
      return null
  }
}

function datePerformance(
  { statistic, subject }: Finding,
  model: ModelOptions,
  { performance }: Reference,
  store: WindowStore,
  fromMs: number,
): number | null {
  if (performance === null) return null
  const metric = statistic !== 'e-detector' ? statistic : subject === 'brier' ? 'brier' : 'accuracy'
  const change = estimateChange(outcomeTrailFrom(store, fromMs), mergedOutcomes, (suffix) => {
    const again = judgePerformance(performance, suffix, { ...model.detection, alpha: 0 }).find(
      (finding) => finding.statistic === metric,
    )
    return again === undefined ? Number.NaN : changeEvidence(again)
  })
  return change?.start ?? null
}

/** By the likelihood of the delays that were over in time, against the reference's where it knows them. */
function dateDelay(
  { windows }: ModelOptions,
  { performance, labelDelayMs: waitedMs = 0 }: Reference,
  store: WindowStore,
  fromMs: number,
): number | null {
  const cells = delayCellsWithin(Math.min(windows.labelDelayMs, waitedMs))
  const before = performance === null ? null : delaysWithin(performance, cells)
  if (before === null || before.length === 0) return null
  const change = estimateChange(outcomeTrailFrom(store, fromMs), mergedOutcomes, (suffix) => {
    const now = delaysWithin(suffix, cells)
    return now === null || now.length === 0 ? Number.NaN : countEvidence(now, before)
  })
  return change?.start ?? null
}

/** By the likelihood of the coarse counts, whatever statistic found the change in the fine ones. */
function dateFeature(
  { subject, statistic }: Finding,
  reference: Reference,
  store: WindowStore,
  fromMs: number,
): number | null {
  const trail = featureTrailFrom(store, fromMs)
  const feature = reference.features.get(subject)
  const position = layoutOf(reference).positions.get(subject)
  if (trail === null || feature === undefined || position === undefined) return null
  const { coarse, rows } = trail
  const before = coarseReference(coarse, reference, position, feature)
  const change = estimateChange(rows, mergedCounts, (suffix) =>
    evidenceOf(statistic, coarseFeature(coarse, suffix, position, feature.kind), before),
  )
  return change?.start ?? null
}

function evidenceOf(statistic: string, now: CoarseFeature, before: CoarseFeature): number {
  switch (statistic) {
    case 'missing-rate':
      return riseEvidence(now.missing, all(now), before.missing, all(before))
    case 'wrong-type-rate':
      return riseEvidence(now.odd, all(now), before.odd, all(before))
    case 'unseen-rate':
      return riseEvidence(now.groups.at(-1)!, total(now.groups), before.groups.at(-1)!, total(before.groups))
    case 'out-of-range-rate':
      return riseEvidence(now.far, total(now.groups), before.far, total(before.groups))
    default:
      return countEvidence(now.groups, before.groups)
  }
}

/** Only a rise is a fault. */
function riseEvidence(hits: number, n: number, referenceHits: number, m: number): number {
  if (hits * m <= referenceHits * n) return 0
  return countEvidence([hits, n - hits], [referenceHits, m - referenceHits])
}

function all({ groups, missing, odd }: CoarseFeature): number {
  return total(groups) + missing + odd
}

function mergedCounts(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((count, run) => count + right[run]!)
}

function mergedOutcomes(left: PerformanceCounts, right: PerformanceCounts): PerformanceCounts {
  const sum = clonePerformanceCounts(right)
  mergePerformanceCounts(sum, left)
  return sum
}
