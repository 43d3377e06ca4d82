import type { Finding, Verdict } from '../events/finding.ts'
import { findingStrength } from './verdict.ts'

const WEIGHTS: Readonly<Record<Verdict, number>> = { undecided: 0, stable: 1, warning: 2, drifted: 3 }

/**
 * Of the findings of one test (detector, subject, statistic) in windows of several lengths, the one that
 * shows most: the gravest verdict, then the smallest p-value, then the surest effect, then the first given.
 * What one length can decide another need not: `undecided` only where all are. In the order of first sight.
 */
export function strongestByTest(findings: readonly Finding[]): Finding[] {
  const strongest = new Map<string, Finding>()
  for (const finding of findings) {
    // Of the three only a subject may hold a space.
    const key = `${finding.detector} ${finding.statistic} ${finding.subject}`
    const known = strongest.get(key)
    if (known === undefined || isStronger(finding, known)) strongest.set(key, finding)
  }
  return [...strongest.values()]
}

function isStronger(finding: Finding, than: Finding): boolean {
  const grave = WEIGHTS[finding.verdict] - WEIGHTS[than.verdict]
  if (grave !== 0) return grave > 0
  const [p, other] = [finding.pValue ?? 1, than.pValue ?? 1]
  return p === other ? findingStrength(finding) > findingStrength(than) : p < other
}
