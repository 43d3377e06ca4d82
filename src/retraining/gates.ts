import type { GateResult } from '../events/deployment-event.ts'
import { calibrationGate } from './calibration-gate.ts'
import { comparisonGate } from './comparison.ts'
import { gateOf, reportedGate } from './gate.ts'
import { isMeasurable, METRIC_NAMES } from './metric.ts'
import type { RetrainingOptions } from './options.ts'
import type { Problem } from './outcome.ts'
import { type HoldoutRow, measurablePairs, type Pair } from './pair.ts'
import { segmentGates } from './segment-gates.ts'

export interface Candidate extends Problem {
  readonly holdout: readonly HoldoutRow[]
  /** Events of the time before the training range, which the world may have left behind. */
  readonly oldRegime?: readonly HoldoutRow[]
  /** Rows the challenger has learned from, as its trainer says, or all that it was given. */
  readonly trainRows: number
  readonly options: RetrainingOptions
  /** Decides the bootstrap's draws; the request id, so that a replay judges alike. */
  readonly seed: string
}

export interface CandidateJudgement {
  readonly passed: boolean
  readonly gates: readonly GateResult[]
}

/**
 * Opens or shuts the gates for a candidate; it passes when it passes all of them.
 *
 * Champion and challenger are compared on the holdout rows both answered; where another version served, the
 * row is left out and counted. What the challenger itself leaves out (no prediction, a score that is no
 * number) shuts the coverage gate, so nothing is gained by skipping the hard ones. A value is never missing
 * by exception: whatever cannot be computed is a gate that did not pass, and says so. A gate with no
 * threshold is told and held against nothing.
 */
export function judgeCandidate(candidate: Candidate): CandidateJudgement {
  const { holdout, options, seed } = candidate
  const pairs = measurablePairs(options.metric, candidate, holdout)
  const gates = [
    trainingSize(candidate),
    coverage(candidate),
    holdoutSize(candidate, pairs),
    variation(candidate),
    ...calibrationGate(pairs, candidate, options.gates.calibrationErrorMax),
    ...segmentGates(pairs, candidate, options, seed),
    ...oldRegime(candidate),
    difference(candidate, pairs),
  ]
  return { passed: gates.every((gate) => gate.passed), gates }
}

/** What is too few to judge by is too few to learn from. */
function trainingSize({ trainRows, options }: Candidate): GateResult {
  return gateOf('training size', trainRows, {
    passed: trainRows >= options.holdoutMin,
    value: trainRows,
    threshold: options.holdoutMin,
    message: `${trainRows} training events, at least ${options.holdoutMin} expected`,
  })
}

function coverage(candidate: Candidate): GateResult {
  const { holdout, options } = candidate
  const answered = holdout.filter(
    ({ label, challenger }) =>
      challenger !== null && isMeasurable(options.metric, candidate, { label, outcome: challenger }),
  ).length
  return gateOf('coverage', holdout.length, {
    passed: holdout.length > 0 && answered === holdout.length,
    value: holdout.length === 0 ? null : answered / holdout.length,
    threshold: 1,
    message: `${answered} of ${holdout.length} holdout events with a challenger's answer that can be measured`,
  })
}

function holdoutSize({ holdout, options }: Candidate, pairs: readonly Pair[]): GateResult {
  const left = holdout.length - pairs.length
  return gateOf('holdout size', pairs.length, {
    passed: pairs.length >= options.holdoutMin,
    value: pairs.length,
    threshold: options.holdoutMin,
    message: `${pairs.length} holdout events with both models' answers, at least ${options.holdoutMin} expected; ${left} left out`,
  })
}

/** A model that says the same of everything has learnt nothing, however well the same happens to fit. */
function variation({ holdout }: Candidate): GateResult {
  const said = new Set(
    holdout.flatMap(({ challenger }) =>
      challenger === null ? [] : JSON.stringify(challenger.score ?? challenger.prediction),
    ),
  )
  return gateOf('variation', holdout.length, {
    passed: said.size > 1,
    value: said.size,
    threshold: 2,
    message: `${said.size} different answers of the challenger, at least 2 expected`,
  })
}

/** What the candidate forgets of the world before. Told where no limit is set; no gate where nothing was asked. */
function oldRegime(candidate: Candidate): GateResult[] {
  const { task, positiveLabel, options, oldRegime: rows, seed } = candidate
  if (rows === undefined) return []
  const { oldRegimeLossMax: lossMax } = options.gates
  const gate = `${METRIC_NAMES[options.metric]} difference, old regime`
  const pairs = measurablePairs(options.metric, candidate, rows)
  if (pairs.length === 0 && lossMax === null) {
    return [reportedGate(gate, 0, 'no labelled events of before the training range are at hand')]
  }
  const unanswered = rows.filter(({ challenger }) => challenger === null).length
  if (unanswered > 0 && lossMax !== null) {
    const message = `${unanswered} of ${rows.length} events of the old regime without the challenger's answer`
    return [gateOf(gate, pairs.length, { threshold: lossMax, message })]
  }
  return [
    comparisonGate(pairs, {
      task,
      positiveLabel,
      gate,
      metric: options.metric,
      demand: lossMax === null ? { kind: 'none' } : { kind: 'not-inferior', lossMax },
      confidence: options.confidence,
      repeats: options.bootstrapRepeats,
      draws: options.draws,
      seed: `${seed} old regime`,
      rows: 'events of before the training range',
    }),
  ]
}

/** Challenger minus champion: surely better by `improvementMin`, at the interval's unfavourable end. */
function difference({ task, positiveLabel, options, seed }: Candidate, pairs: readonly Pair[]): GateResult {
  return comparisonGate(pairs, {
    task,
    positiveLabel,
    gate: `${METRIC_NAMES[options.metric]} difference`,
    metric: options.metric,
    demand: { kind: 'better', improvementMin: options.improvementMin },
    confidence: options.confidence,
    repeats: options.bootstrapRepeats,
    draws: options.draws,
    seed,
    rows: 'holdout events',
  })
}
