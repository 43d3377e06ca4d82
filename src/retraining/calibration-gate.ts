import type { GateResult } from '../events/deployment-event.ts'
import { type CalibrationBin, calibrationError } from '../statistics/calibration-error.ts'
import type { Estimate } from '../statistics/mean-with-error.ts'
import { gateOf, reportedGate } from './gate.ts'
import { isPositive, type JudgedOutcome, type Problem, positiveScore } from './outcome.ts'
import type { Pair } from './pair.ts'

const BINS = 20
/** Standard errors that the error must lie beyond its limit: one-sided 97.5 %. */
const SURELY = 1.96

const GATE = 'calibration'

/**
 * Does the challenger mean what it says? Its expected calibration error may not surely exceed `errorMax`, or
 * the champion's where that is larger: a candidate is not refused for what it leaves as it was.
 *
 * Binary models alone have this gate. Scores that are no probabilities (outside 0 to 1) have no calibration:
 * then the gate says so and is held against nothing, since a metric such as AUC does not ask for any.
 */
export function calibrationGate(pairs: readonly Pair[], problem: Problem, errorMax: number): GateResult[] {
  if (problem.task !== 'binary') return []
  const own = errorOf(
    problem,
    pairs.map(({ challenger }) => challenger),
  )
  if (own === null) {
    return [reportedGate(GATE, pairs.length, 'the scores of the challenger are no probabilities: not judged')]
  }
  const before = errorOf(
    problem,
    pairs.map(({ champion }) => champion),
  )
  const threshold = Math.max(errorMax, before?.value ?? 0)
  const lower = own.value - SURELY * own.standardError
  return [
    gateOf(GATE, pairs.length, {
      passed: lower <= threshold,
      value: own.value,
      lower,
      upper: own.value + SURELY * own.standardError,
      threshold,
      message: `calibration error of the challenger in ${BINS} bins, at most ${errorMax} or the champion's expected`,
    }),
  ]
}

/** Null without rows, and where any score is no probability. */
function errorOf(problem: Problem, rows: readonly JudgedOutcome[]): Estimate | null {
  const bins = Array.from({ length: BINS }, () => ({ n: 0, hits: 0, probabilitySum: 0 }))
  for (const { label, outcome } of rows) {
    const p = positiveScore(problem, outcome)
    if (p === null || p < 0 || p > 1) return null
    const bin = bins[Math.min(BINS - 1, Math.floor(p * BINS))]!
    bin.n++
    bin.hits += Number(isPositive(problem, label))
    bin.probabilitySum += p
  }
  return calibrationError(bins satisfies CalibrationBin[])
}
