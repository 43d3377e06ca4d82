import { binOfProbability } from '../../../src/sketches/binary-outcome.ts'
import { addExact } from '../../../src/sketches/exact-sum.ts'
import { lossDigits } from '../../../src/sketches/loss-sum.ts'
import {
  ERROR_SUMS,
  LOSS_SUMS,
  outcomeCellCount,
  outcomeSumDigits,
} from '../../../src/sketches/outcome-layout.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import { SIGNED_BINS, signedBin } from '../../../src/sketches/signed-bins.ts'
import { type PerformanceCounts, SCORE_BINS } from '../../../src/sketches/types.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import type { Random } from '../../../src/statistics/random.ts'
import { multinomial } from '../draws/multinomial.ts'

/** `balanced` and `imbalanced` (one in a hundred is positive) are binary, `regression` has errors of Laplace's law. */
export type OutcomeWorldName = 'balanced' | 'imbalanced' | 'regression'

export const OUTCOME_WORLD_NAMES: readonly OutcomeWorldName[] = ['balanced', 'imbalanced', 'regression']

/** Outcomes that never change, as counts of n independent ones. */
export type OutcomeWorld = (random: Random, n: number) => PerformanceCounts

/** Scores, or errors, that a world has: every outcome is one of them. */
const VALUES = 128

/**
 * Outcomes are drawn as counts of the few kinds that there are, so a window of 10,000 costs little more than
 * one of 200: the sums are those of so many equal losses.
 */
export function outcomeWorld(name: OutcomeWorldName): OutcomeWorld {
  switch (name) {
    case 'balanced':
      return binaryWorld(0, 1.2)
    case 'imbalanced':
      return binaryWorld(-5.1, 1)
    case 'regression':
      return regressionWorld()
  }
}

/** Scores are right: a positive label comes as often as the score says. */
function binaryWorld(centre: number, spread: number): OutcomeWorld {
  const scores = Float64Array.from(
    { length: VALUES },
    (_, at) => 1 / (1 + Math.exp(-centre - spread * normalQuantile((at + 0.5) / VALUES))),
  )
  const law = multinomial([...scores].flatMap((score) => [1 - score, score]))
  const drawn = new Uint32Array(2 * VALUES)
  // Of a rare class the prediction is the rarer one, too: nine in ten are below this score.
  const decision = scores.reduce((sum, score) => sum + score, 0) / VALUES > 0.1 ? 0.5 : 0.02
  return (random, n) => {
    drawn.fill(0)
    law.draw(random, n, drawn)
    const counts = createPerformanceCounts('binary')
    counts.n = n
    counts.scored = n
    counts.joint = new Uint32Array(outcomeCellCount('joint', 'binary', 0))
    counts.scores = new Uint32Array(outcomeCellCount('scores', 'binary', 0))
    counts.sums = new Float64Array(outcomeSumDigits('sums', 'binary', 0))
    counts.calibration = new Float64Array(outcomeSumDigits('calibration', 'binary', 0))
    const totals = [0, 0, 0, 0]
    for (let at = 0; at < VALUES; at++) {
      const score = scores[at]!
      const bin = binOfProbability(score, SCORE_BINS)
      const predicted = score >= decision
      for (const label of [0, 1] as const) {
        const count = drawn[2 * at + label]!
        const logLoss = -Math.log(label === 1 ? score : 1 - score)
        const brier = (score - label) ** 2
        counts.joint[2 * bin + label]! += count
        counts.scores[bin + (predicted ? SCORE_BINS : 0)]! += count
        if (predicted === (label === 1)) counts.correct += count
        if (predicted) counts[label === 1 ? 'truePositives' : 'falsePositives'] += count
        else counts[label === 1 ? 'falseNegatives' : 'trueNegatives'] += count
        totals[LOSS_SUMS.logLoss]! += count * logLoss
        totals[LOSS_SUMS.logLossSquared]! += count * logLoss ** 2
        totals[LOSS_SUMS.brier]! += count * brier
        totals[LOSS_SUMS.brierSquared]! += count * brier ** 2
      }
    }
    totals.forEach((total, sum) => {
      counts.sums.set(lossDigits(total), 2 * sum)
    })
    return counts
  }
}

function regressionWorld(): OutcomeWorld {
  const errors = Float64Array.from({ length: VALUES }, (_, at) => laplaceQuantile((at + 0.5) / VALUES))
  // Labels in an order that has nothing to do with the errors': 37 has no divisor in common with their number.
  const labels = Float64Array.from(
    { length: VALUES },
    (_, at) => 10 + normalQuantile((((at * 37) % VALUES) + 0.5) / VALUES),
  )
  const law = multinomial(new Float64Array(VALUES).fill(1))
  const drawn = new Uint32Array(VALUES)
  return (random, n) => {
    drawn.fill(0)
    law.draw(random, n, drawn)
    const counts = createPerformanceCounts('regression')
    counts.n = n
    counts.errors = new Uint32Array(SIGNED_BINS)
    counts.labels = new Uint32Array(SIGNED_BINS)
    counts.sums = new Float64Array(outcomeSumDigits('sums', 'regression', 0))
    const totals = new Float64Array(Object.keys(ERROR_SUMS).length)
    for (let at = 0; at < VALUES; at++) {
      const [count, error, label] = [drawn[at]!, errors[at]!, labels[at]!]
      counts.errors[signedBin(error)]! += count
      counts.labels[signedBin(label)]! += count
      totals[error < 0 ? ERROR_SUMS.under : ERROR_SUMS.over]! += count * Math.abs(error)
      totals[ERROR_SUMS.squared]! += count * error ** 2
      totals[ERROR_SUMS.quartic]! += count * error ** 4
      totals[ERROR_SUMS.labelPositive]! += count * label
      totals[ERROR_SUMS.labelSquared]! += count * label ** 2
    }
    totals.forEach((total, sum) => {
      addExact(counts.sums, sum, total)
    })
    return counts
  }
}

function laplaceQuantile(p: number): number {
  return p < 0.5 ? Math.log(2 * p) : -Math.log(2 * (1 - p))
}
