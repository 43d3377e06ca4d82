import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import { HEALTHY_P_VALUE } from './distribution-drift.ts'

/** A test that showed a drift, and the length of the shortest window in which it did. */
export interface ShownTest {
  readonly detector: Finding['detector']
  readonly subject: string
  readonly statistic: string
  readonly windowMs: number
  /** What the effect surely was when it was largest: the bound nearer to none; 0 where it has no bounds. */
  readonly effect: number
}

/** `unknown` where a test was not asked, or could not tell. `fromMs`: start of the windows that say healthy. */
export type Health =
  | { readonly state: 'sick' }
  | { readonly state: 'unknown' }
  | { readonly state: 'healthy'; readonly fromMs: number }

/**
 * A window too small to be called stable is healthy all the same when less than this share of what was shown
 * can be left of it: as much would not have been noticed in such a window before.
 */
const LEFT_OVER = 0.5

/** Found only while they hold: that they are gone is told by the other findings about the same subject. */
const ONLY_WHILE_SHOWN: ReadonlySet<string> = new Set(['unit-factor', 'constant'])

/**
 * Whether tests that showed a drift still see a sign of it in windows of the same lengths.
 *
 * Healthy: the smallest p-value, times the number of tests (one of many is small by chance), is above 0.1;
 * a test whose effect is surely below its threshold (99 % bounds within it on both sides) counts as having
 * none, for with enough data what is left of a drift is significant however small. A window too small to be
 * called stable tells nothing, unless its bounds exclude half of the effect that was shown.
 * @param base of findings that name no window
 */
export function healthOf(shown: readonly ShownTest[], findings: readonly Finding[], base: TimeRange): Health {
  let fromMs = Number.POSITIVE_INFINITY
  let smallest = 1
  for (const test of shown) {
    const now = findingOfTest(test, findings, base)
    if (now === null) {
      const others = ONLY_WHILE_SHOWN.has(test.statistic) && findings.some((one) => sameSubject(one, test))
      if (!others) return { state: 'unknown' }
      continue
    }
    if (now.verdict === 'undecided' && !isSurelyBelow(now, LEFT_OVER * test.effect))
      return { state: 'unknown' }
    if (now.verdict === 'drifted') return { state: 'sick' }
    fromMs = Math.min(fromMs, (now.window ?? base).fromMs)
    if (!isSurelyBelow(now, now.threshold)) smallest = Math.min(smallest, now.pValue ?? 1)
  }
  if (shown.length * smallest <= HEALTHY_P_VALUE) return { state: 'sick' }
  return { state: 'healthy', fromMs: Number.isFinite(fromMs) ? fromMs : base.fromMs }
}

function findingOfTest(test: ShownTest, findings: readonly Finding[], base: TimeRange): Finding | null {
  const lengthOf = ({ window = base }: Finding): number => window.toMs - window.fromMs
  const own = findings.filter((one) => sameSubject(one, test) && one.statistic === test.statistic)
  // Longer windows grow between their doublings: the one nearest above stands for the length that showed it.
  let nearest: Finding | null = null
  for (const one of own) {
    if (lengthOf(one) < test.windowMs) continue
    if (nearest === null || lengthOf(one) < lengthOf(nearest)) nearest = one
  }
  return nearest
}

function sameSubject(finding: Finding, test: ShownTest): boolean {
  return finding.detector === test.detector && finding.subject === test.subject
}

function isSurelyBelow({ effectLower, effectUpper }: Finding, limit: number | null): boolean {
  if (effectLower === null || effectUpper === null || limit === null) return false
  return Math.max(Math.abs(effectLower), Math.abs(effectUpper)) < limit
}
