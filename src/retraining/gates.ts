import type { GateResult } from '../events/deployment-event.ts'
import { bootstrapInterval, bootstrapRepeatsMin } from '../statistics/bootstrap-interval.ts'
import { createRandom } from '../statistics/random.ts'
import { GAINS, isMeasurable, METRIC_NAMES, weightedMetric } from './metric.ts'
import type { RetrainingOptions } from './options.ts'
import type { JudgedOutcome, Label, Outcome, Problem } from './outcome.ts'

/** One holdout event with both answers; null where a model gave none (or another version served it). */
export interface HoldoutRow {
  readonly id: string
  readonly label: Label
  readonly champion: Outcome | null
  readonly challenger: Outcome | null
}

export interface Candidate extends Problem {
  readonly holdout: readonly HoldoutRow[]
  /** Rows the challenger was trained on. */
  readonly trainRows: number
  readonly options: RetrainingOptions
  /** Decides the bootstrap's draws; the request id, so that a replay judges alike. */
  readonly seed: string
}

export interface CandidateJudgement {
  readonly passed: boolean
  readonly gates: readonly GateResult[]
}

interface Pair {
  readonly champion: JudgedOutcome
  readonly challenger: JudgedOutcome
}

/**
 * Opens or shuts the gates for a candidate; it passes when it passes all of them.
 *
 * Champion and challenger are compared on the holdout rows both answered; where another version served, the
 * row is left out and counted. What the challenger itself leaves out (no prediction, a score that is no
 * number) shuts the coverage gate, so nothing is gained by skipping the hard ones. A value is never missing
 * by exception: whatever cannot be computed is a gate that did not pass, and says so.
 */
export function judgeCandidate(candidate: Candidate): CandidateJudgement {
  const { metric } = candidate.options
  const pairs = candidate.holdout.flatMap(({ label, champion, challenger }): Pair[] => {
    if (champion === null || challenger === null) return []
    const pair = { champion: { label, outcome: champion }, challenger: { label, outcome: challenger } }
    const measurable = Object.values(pair).every((row) => isMeasurable(metric, candidate, row))
    return measurable ? [pair] : []
  })
  const gates = [
    trainingSize(candidate),
    coverage(candidate),
    holdoutSize(candidate, pairs),
    variation(candidate),
    difference(candidate, pairs),
  ]
  return { passed: gates.every((gate) => gate.passed), gates }
}

/** What is too few to judge by is too few to learn from. */
function trainingSize({ trainRows, options }: Candidate): GateResult {
  return {
    ...blank('training size', trainRows),
    passed: trainRows >= options.holdoutMin,
    value: trainRows,
    threshold: options.holdoutMin,
    message: `${trainRows} training events, at least ${options.holdoutMin} expected`,
  }
}

function coverage(candidate: Candidate): GateResult {
  const { holdout, options } = candidate
  const answered = holdout.filter(
    ({ label, challenger }) =>
      challenger !== null && isMeasurable(options.metric, candidate, { label, outcome: challenger }),
  ).length
  return {
    ...blank('coverage', holdout.length),
    passed: holdout.length > 0 && answered === holdout.length,
    value: holdout.length === 0 ? null : answered / holdout.length,
    threshold: 1,
    message: `${answered} of ${holdout.length} holdout events with a challenger's answer that can be measured`,
  }
}

function holdoutSize({ holdout, options }: Candidate, pairs: readonly Pair[]): GateResult {
  const left = holdout.length - pairs.length
  return {
    ...blank('holdout size', pairs.length),
    passed: pairs.length >= options.holdoutMin,
    value: pairs.length,
    threshold: options.holdoutMin,
    message: `${pairs.length} holdout events with both models' answers, at least ${options.holdoutMin} expected; ${left} left out`,
  }
}

/** A model that says the same of everything has learnt nothing, however well the same happens to fit. */
function variation({ holdout }: Candidate): GateResult {
  const said = new Set(
    holdout.flatMap(({ challenger }) =>
      challenger === null ? [] : JSON.stringify(challenger.score ?? challenger.prediction),
    ),
  )
  return {
    ...blank('variation', holdout.length),
    passed: said.size > 1,
    value: said.size,
    threshold: 2,
    message: `${said.size} different answers of the challenger, at least 2 expected`,
  }
}

/** Challenger minus champion: surely better by `improvementMin`, at the interval's unfavourable end. */
function difference(candidate: Candidate, pairs: readonly Pair[]): GateResult {
  const { metric, improvementMin, confidence, bootstrapRepeats } = candidate.options
  const name = METRIC_NAMES[metric]
  const gain = GAINS.has(metric)
  const threshold = gain ? improvementMin : 0 - improvementMin
  const shut = { ...blank(`${name} difference`, pairs.length), passed: false, threshold }

  const champion = weightedMetric(
    metric,
    candidate,
    pairs.map((pair) => pair.champion),
  )
  const challenger = weightedMetric(
    metric,
    candidate,
    pairs.map((pair) => pair.challenger),
  )
  const differenceUnder = (weights: Uint32Array): number | null => {
    const [was, is] = [champion(weights), challenger(weights)]
    return was === null || is === null || !Number.isFinite(is - was) ? null : is - was
  }
  const value = differenceUnder(new Uint32Array(pairs.length).fill(1))
  if (value === null) return { ...shut, message: `${name} is not defined on ${pairs.length} events` }

  const random = createRandom(candidate.seed)
  const interval = bootstrapInterval(pairs.length, differenceUnder, {
    confidence,
    repeats: bootstrapRepeats,
    random,
  })
  if (interval === null) {
    const repeatsMin = bootstrapRepeatsMin(confidence)
    const reason =
      bootstrapRepeats < repeatsMin
        ? `${bootstrapRepeats} bootstrap repeats, at least ${repeatsMin} expected for confidence ${confidence}`
        : `too few events of one class among ${pairs.length} for an interval of the ${name}`
    return { ...shut, value, message: reason }
  }
  const { lower, upper } = interval
  return {
    ...shut,
    passed: gain ? lower > threshold : upper < threshold,
    value,
    lower,
    upper,
    message: `${name} of the challenger minus the champion on ${pairs.length} holdout events`,
  }
}

function blank(gate: string, n: number): Omit<GateResult, 'passed' | 'threshold' | 'message'> {
  return { gate, n, value: null, lower: null, upper: null }
}
