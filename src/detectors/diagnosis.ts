import type { Diagnosis, DriftEvent } from '../events/drift-event.ts'
import type { Finding } from '../events/finding.ts'
import { findingStrength } from './verdict.ts'
import { percent } from './wording.ts'

export type Concern = DriftEvent['concern']

/** All findings of one evaluation, of any verdict. */
export interface Findings {
  /** Features, scores and predictions. */
  readonly dataFindings: readonly Finding[]
  readonly qualityFindings: readonly Finding[]
  readonly performanceFindings: readonly Finding[]
  /** What scores alone let expect. */
  readonly estimateFindings: readonly Finding[]
  /** Labels come at all, if only later: then they decide, and an estimate is no more than a warning. */
  readonly isLabelled: boolean
  /** The labels themselves: their distribution, their coverage and their delay. */
  readonly labelFindings: readonly Finding[]
  /** Of expert modes on features and on outcomes, whose false alarms no budget holds. */
  readonly classicDataFindings: readonly Finding[]
  readonly classicOutcomeFindings: readonly Finding[]
  /** Share of the data window's panes in which the pipe was broken, 0 to 1. */
  readonly brokenDataShare: number
  /** Share of the performance window's panes in which the pipe was broken, 0 to 1. */
  readonly brokenPanesShare: number
}

/** How labels reach predictions: how many, and when. */
const ARRIVAL: ReadonlySet<Finding['detector']> = new Set(['label-coverage', 'label-delay'])

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
const FOLLOWS_LABEL_RATE: ReadonlySet<string> = new Set(['accuracy', 'log-loss', 'brier', 'e-detector'])

/**
 * Says what should be done before anything is done: at most one concern about the data and one about the
 * performance, none while nothing has drifted. Warnings raise no concern.
 *
 * Data: a broken pipe (any drifted quality finding, or moved distributions in a window of which more than
 * 5 % of the panes were broken) is `fix-data`; moved distributions alone are `watch`, however many moved.
 * Performance, measured by labels, or where none ever come, estimated from scores; the first that applies:
 * - `fix-data`: the pipe is broken now, or was in more than 5 % of the window's panes;
 * - `check-labels`: fewer predictions get a label than before, or after another time, so those that do are not
 *   like those that did; or only accuracy, log-loss or Brier score fell, the label rate drifted, and the AUC was
 *   judged stable. An undecided AUC clears nobody;
 * - `retrain`.
 * Labels that come otherwise than they did are `check-labels` also where nothing fell: what they say will.
 * What expert modes alone show is `watch`: nobody bounds their false alarms.
 */
export function diagnose(findings: Findings): DiagnosedConcern[] {
  return [diagnoseData(findings), diagnosePerformance(findings)].filter((concern) => concern !== null)
}

function diagnoseData(of: Findings): DiagnosedConcern | null {
  const concern = 'data'
  const broken = drifted(of.qualityFindings)
  const moved = drifted(of.dataFindings)
  const estimates = drifted(of.estimateFindings)
  if (broken[0] !== undefined) {
    return { concern, diagnosis: 'fix-data', findings: [...broken, ...moved], summary: broken[0].message }
  }
  const classics = drifted(of.classicDataFindings)
  const strongest = moved[0] ?? estimates[0] ?? classics[0]
  if (strongest === undefined) return null
  const findings = [...moved, ...estimates, ...classics]
  if (of.brokenDataShare > BROKEN_SHARE_MAX) {
    const summary = `${strongest.message}, while ${brokenFor(of.brokenDataShare)}`
    return { concern, diagnosis: 'fix-data', findings, summary }
  }
  return { concern, diagnosis: 'watch', findings, summary: strongest.message }
}

function diagnosePerformance(of: Findings): DiagnosedConcern | null {
  const concern = 'performance'
  const measured = drifted(of.performanceFindings)
  // Labels know better than an estimate, also when they say that nothing fell.
  const fallen = of.isLabelled ? measured : drifted(of.estimateFindings)
  const strongest = fallen[0]
  if (strongest === undefined) return labelsArriving(of) ?? watchedByClassics(of)

  const broken = drifted(of.qualityFindings)
  if (broken.length > 0 || of.brokenPanesShare > BROKEN_SHARE_MAX) {
    const cause = broken[0]?.message ?? brokenFor(of.brokenPanesShare)
    const summary = `${strongest.message}, while ${cause}`
    return { concern, diagnosis: 'fix-data', findings: [...fallen, ...broken], summary }
  }

  const relabelled = labelsToCheck(fallen, of)
  if (relabelled[0] !== undefined) {
    const still = drifted(of.dataFindings).length === 0 ? '; the features are as they were' : ''
    const summary = `${strongest.message}, while ${relabelled[0].message}${still}`
    return { concern, diagnosis: 'check-labels', findings: [...fallen, ...relabelled], summary }
  }
  return { concern, diagnosis: 'retrain', findings: fallen, summary: strongest.message }
}

/** What speaks for the labels rather than the model, strongest first; empty where nothing does. */
function labelsToCheck(fallen: readonly Finding[], of: Findings): Finding[] {
  const relabelled = drifted(of.labelFindings)
  const arriving = relabelled.filter(({ detector }) => ARRIVAL.has(detector))
  if (arriving.length > 0) return arriving
  const ranking = of.performanceFindings.find((finding) => finding.statistic === 'auc')
  const onlyByRate = fallen.every((finding) => FOLLOWS_LABEL_RATE.has(finding.statistic))
  return relabelled.length > 0 && ranking?.verdict === 'stable' && onlyByRate ? [...relabelled, ranking] : []
}

/** Labels stay away, or take another time: whatever performance says now, it says it of other predictions. */
function labelsArriving({ labelFindings }: Findings): DiagnosedConcern | null {
  const findings = drifted(labelFindings).filter(({ detector }) => ARRIVAL.has(detector))
  const strongest = findings[0]
  if (strongest === undefined) return null
  return { concern: 'performance', diagnosis: 'check-labels', findings, summary: strongest.message }
}

function watchedByClassics({ classicOutcomeFindings }: Findings): DiagnosedConcern | null {
  const findings = drifted(classicOutcomeFindings)
  const strongest = findings[0]
  if (strongest === undefined) return null
  return { concern: 'performance', diagnosis: 'watch', findings, summary: strongest.message }
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
