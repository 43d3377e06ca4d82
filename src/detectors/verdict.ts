import type { Finding, Verdict } from '../events/finding.ts'
import type { TestOptions } from './options.ts'

/** Each confidence bound of an effect holds with this confidence by itself. */
export const EFFECT_CONFIDENCE = 0.99

/**
 * A window that could miss a change of this many thresholds is too small to be called stable. Two, since an
 * effect must lie beyond its threshold for its lower bound to reach it.
 */
export const RESOLUTION_MAX = 2

/** What a verdict rests on. `effect` is the size of what matters: a divergence, a rise, a loss of skill. */
export interface Evidence {
  readonly n: number
  readonly m: number
  readonly pValue: number
  readonly effect: number
  readonly effectLower: number
  readonly threshold: number
  /** What the effect itself must reach to be reported, where that is less than the threshold. */
  readonly warningThreshold?: number
  /** The smallest effect that these samples see at this level with power 0.8; absent: small enough. */
  readonly resolution?: number
  /** Upper bound of the effect, where it has one: what it excludes was not missed. */
  readonly effectUpper?: number
}

/**
 * The one rule of all detectors: significance and effect.
 *
 * - `undecided`: fewer than `sampleMin` values on either side; or no change seen by samples that could miss one
 *   of twice the threshold and do not exclude it. Silence is no proof of health.
 * - `drifted`: p at most the test's level, and even the lower bound of the effect reaches the threshold.
 * - `warning`: p at most the level, and the effect itself reaches the threshold of a warning.
 * - `stable`: everything else. A significant but small change is stable: with enough data every change is
 *   significant.
 *
 * Monotone: a smaller p-value or a larger effect never makes a verdict milder.
 */
export function verdictOf(evidence: Evidence, options: Pick<TestOptions, 'alpha' | 'sampleMin'>): Verdict {
  if (Math.min(evidence.n, evidence.m) < options.sampleMin) return 'undecided'
  const { pValue, effect, effectLower, threshold, warningThreshold = threshold } = evidence
  if (options.alpha > 0 && pValue <= options.alpha) {
    if (effectLower >= threshold) return 'drifted'
    if (effect >= warningThreshold) return 'warning'
  }
  const { resolution = 0, effectUpper = Number.POSITIVE_INFINITY } = evidence
  return Math.min(resolution, effectUpper) > RESOLUTION_MAX * threshold ? 'undecided' : 'stable'
}

/** How large a finding's effect surely is, in its own unit; 0 where its bounds include none, or are not known. */
export function sureEffect({ effectLower, effectUpper }: Finding): number {
  if (effectLower === null || effectUpper === null) return 0
  return Math.max(0, effectLower, -effectUpper)
}

/**
 * How far a finding's effect surely goes beyond its threshold, in thresholds: 1 is just drifted.
 * It makes findings of different statistics comparable; 0 where there is no effect or no threshold.
 */
export function findingStrength(finding: Finding): number {
  const { threshold } = finding
  return threshold === null || threshold <= 0 ? 0 : sureEffect(finding) / threshold
}
