import { type LossAlternatives, lossAlternatives, writeLossEValues } from '../../statistics/loss-e-values.ts'
import { meanUpperBound } from '../../statistics/mean-upper-bound.ts'
import { type RateAlternatives, rateAlternatives, writeRateEValues } from '../../statistics/rate-e-values.ts'
import { addEvidence, createRiseEvidence, type RiseEvidence } from './rise-evidence.ts'
import { type RunLengthBudget, splitBudget } from './run-length-budget.ts'

/** n losses, each from 0 to `lossMax`: their sum and the sum of their squares. */
export interface LossSums {
  readonly sum: number
  readonly squares: number
  readonly n: number
}

/** Plain data. */
export interface MeanLossDetector extends RiseEvidence {
  readonly lossMax: number
  readonly byRate: RateAlternatives
  readonly bySpread: LossAlternatives
}

/**
 * Watches a mean loss for a rise, with a bound on its false alarms: at most `falseAlarms` in `looks` steps.
 *
 * The baseline is the upper confidence bound of the reference's mean, at a level the budget pays for.
 * @param lossMax no loss is greater: 1 for a Brier score of two classes; a bound that is too low breaks the
 * promise, one that is too high only makes the baseline's bound wider and half of the alternatives useless
 * @throws STATE_IMPOSSIBLE for sums that losses from 0 to `lossMax` cannot have, and for a budget of nothing
 */
export function createMeanLossDetector(
  reference: LossSums,
  lossMax: number,
  budget: RunLengthBudget,
): MeanLossDetector {
  const { baselineLevel, logThreshold } = splitBudget(budget)
  const { sum, squares, n } = reference
  const baseline = meanUpperBound(sum / lossMax, squares / (lossMax * lossMax), n, baselineLevel)
  const byRate = rateAlternatives(baseline)
  const bySpread = lossAlternatives(baseline)
  const components = byRate.tilts.length + bySpread.stakes.length
  return { ...createRiseEvidence(components, logThreshold), lossMax, byRate, bySpread }
}

/**
 * Takes one step's losses and says whether their mean rose; the state is changed and returned.
 *
 * One mixture of two kinds of e-values: those of rates, best where losses are near 0 or `lossMax`, and those
 * that use the spread that was seen, best where losses hardly vary. Valid as long as each loss's mean, given
 * the past, is at most the baseline.
 * Source: Shin, Ramdas and Rinaldo, E-detectors, arXiv 2203.03532.
 */
export function updateMeanLoss(state: MeanLossDetector, { sum, squares, n }: LossSums): MeanLossDetector {
  const { byRate, bySpread, lossMax } = state
  const rates = byRate.tilts.length
  const logEValues = new Float64Array(rates + bySpread.stakes.length)
  const scaled = sum / lossMax
  writeRateEValues(byRate, scaled, n, logEValues.subarray(0, rates))
  writeLossEValues(bySpread, scaled, squares / (lossMax * lossMax), n, logEValues.subarray(rates))
  addEvidence(state, logEValues)
  return state
}
