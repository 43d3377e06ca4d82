import type { Finding, Verdict } from '../events/finding.ts'
import type { DetectionOptions } from './options.ts'

/** Each confidence bound of an effect holds with this confidence by itself. */
export const EFFECT_CONFIDENCE = 0.99

/** What a verdict rests on. `effect` is the size of what matters: a divergence, a rise, a loss of skill. */
export interface Evidence {
  readonly n: number
  readonly m: number
  readonly pValue: number
  readonly effect: number
  readonly effectLower: number
  readonly threshold: number
  /** What the effect itself must also reach to be drifted, where that is more than the threshold. */
  readonly driftThreshold?: number
}

/**
 * The one rule of all detectors: significance and effect.
 *
 * - `undecided`: fewer than `sampleMin` values on either side. Silence is no proof of health.
 * - `drifted`: p below `significance`, even the lower bound of the effect reaches the threshold, and the
 *   effect itself reaches `driftThreshold`.
 * - `warning`: p below `significance` and the effect itself reaches the threshold.
 * - `stable`: everything else. A significant but small change is stable: with enough data every change is
 *   significant.
 */
export function verdictOf(evidence: Evidence, options: DetectionOptions): Verdict {
  if (Math.min(evidence.n, evidence.m) < options.sampleMin) return 'undecided'
  if (!(evidence.pValue < options.significance)) return 'stable'
  const { effect, effectLower, threshold, driftThreshold = threshold } = evidence
  if (effectLower >= threshold && effect >= driftThreshold) return 'drifted'
  return effect >= threshold ? 'warning' : 'stable'
}

/**
 * How far a finding's effect surely goes beyond its threshold, in thresholds: 1 is just drifted.
 * It makes findings of different statistics comparable; 0 where there is no effect or no threshold.
 */
export function findingStrength(finding: Finding): number {
  const { effectLower, effectUpper, threshold } = finding
  if (effectLower === null || effectUpper === null || threshold === null || threshold <= 0) return 0
  return Math.max(0, effectLower, -effectUpper) / threshold
}
