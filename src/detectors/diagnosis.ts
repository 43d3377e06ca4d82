import type { Diagnosis, DriftEvent } from '../events/drift-event.ts'
import type { Finding } from '../events/finding.ts'
import { findingStrength } from './verdict.ts'
import { percent } from './wording.ts'

export type Concern = DriftEvent['concern']

/** All findings of one evaluation, of any verdict. */
export interface Findings {
  readonly dataFindings: readonly Finding[]
  readonly qualityFindings: readonly Finding[]
  readonly performanceFindings: readonly Finding[]
  readonly labelFindings: readonly Finding[]
  /** Share of the data window's panes in which the pipe was broken, 0 to 1. */
  readonly brokenDataShare: number
  /** Share of the performance window's panes in which the pipe was broken, 0 to 1. */
  readonly brokenPanesShare: number
}

/** What is wrong, what to do about it, and why: the evidence, strongest first. */
export interface DiagnosedConcern {
  readonly concern: Concern
  readonly diagnosis: Diagnosis
  readonly findings: readonly Finding[]
  /** One sentence: the strongest finding in its own units. */
  readonly summary: string
}

/** More broken panes than this, and what the window shows may be theirs. */
const BROKEN_SHARE_MAX = 0.05

/** Metrics that move when the labels' own rate does, although the model ranks as well as before. */
const FOLLOWS_LABEL_RATE: ReadonlySet<string> = new Set(['accuracy', 'log-loss', 'brier'])

/**
 * Says what should be done before anything is done: at most one concern about the data and one about the
 * performance, none while nothing has drifted. Warnings raise no concern.
 *
 * Data: a broken pipe (any drifted quality finding, or moved distributions in a window of which more than
 * 5 % of the panes were broken) is `fix-data`; moved distributions alone are `watch`.
 * Performance, the first that applies:
 * - `fix-data`: the pipe is broken now, or was in more than 5 % of the window's panes;
 * - `check-labels`: only accuracy, log-loss or Brier score fell, the label rate drifted, and the AUC was
 *   judged stable; an undecided AUC clears nobody;
 * - `retrain`.
 */
export function diagnose(findings: Findings): DiagnosedConcern[] {
  return [diagnoseData(findings), diagnosePerformance(findings)].filter((concern) => concern !== null)
}

function diagnoseData({ dataFindings, qualityFindings, brokenDataShare }: Findings): DiagnosedConcern | null {
  const concern = 'data'
  const broken = drifted(qualityFindings)
  const moved = drifted(dataFindings)
  const findings = [...broken, ...moved]
  if (broken[0] !== undefined) {
    return { concern, diagnosis: 'fix-data', findings, summary: broken[0].message }
  }
  if (moved[0] === undefined) return null
  if (brokenDataShare > BROKEN_SHARE_MAX) {
    const summary = `${moved[0].message}, while ${brokenFor(brokenDataShare)}`
    return { concern, diagnosis: 'fix-data', findings, summary }
  }
  return { concern, diagnosis: 'watch', findings, summary: moved[0].message }
}

function diagnosePerformance(findings: Findings): DiagnosedConcern | null {
  const fallen = drifted(findings.performanceFindings)
  const strongest = fallen[0]
  if (strongest === undefined) return null
  const concern = 'performance'

  const broken = drifted(findings.qualityFindings)
  if (broken.length > 0 || findings.brokenPanesShare > BROKEN_SHARE_MAX) {
    const cause = broken[0]?.message ?? brokenFor(findings.brokenPanesShare)
    const summary = `${strongest.message}, while ${cause}`
    return { concern, diagnosis: 'fix-data', findings: [...fallen, ...broken], summary }
  }

  const relabelled = drifted(findings.labelFindings)
  const ranking = findings.performanceFindings.find((finding) => finding.statistic === 'auc')
  const onlyByRate = fallen.every((finding) => FOLLOWS_LABEL_RATE.has(finding.statistic))
  if (relabelled[0] !== undefined && ranking?.verdict === 'stable' && onlyByRate) {
    const summary = `${strongest.message}, while ${relabelled[0].message}`
    return { concern, diagnosis: 'check-labels', findings: [...fallen, ...relabelled, ranking], summary }
  }
  return { concern, diagnosis: 'retrain', findings: fallen, summary: strongest.message }
}

function brokenFor(share: number): string {
  return `the data was broken in ${percent(share)} of the window`
}

/** The drifted ones, strongest first. A change of unit explains the rest, so it goes before all. */
function drifted(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding): number =>
    finding.statistic === 'unit-factor' ? Infinity : findingStrength(finding)
  return findings
    .filter((finding) => finding.verdict === 'drifted')
    .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)))
}
