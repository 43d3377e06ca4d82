import { type RateAlternatives, rateAlternatives, writeRateEValues } from '../../statistics/rate-e-values.ts'
import { rateUpperBound } from '../../statistics/rate-upper-bound.ts'
import { addEvidence, createRiseEvidence, type RiseEvidence } from './rise-evidence.ts'
import { type RunLengthBudget, splitBudget } from './run-length-budget.ts'

/** Plain data. */
export interface ErrorRateDetector extends RiseEvidence {
  readonly alternatives: RateAlternatives
}

/**
 * Watches an error rate for a rise, with a bound on its false alarms: at most `falseAlarms` in `looks` steps.
 *
 * The baseline is the upper confidence bound of the reference's rate, at a level the budget pays for
 * (`run-length-budget.ts`). A rise that stays below the bound is not seen: at 10 000 reference outcomes with
 * rate 0.1 and half a false alarm a period, below 0.105.
 * @param reference errors and outcomes; without outcomes the baseline is 1, above which nothing rises
 * @throws STATE_IMPOSSIBLE unless 0 <= errors <= n, and for a budget of nothing
 */
export function createErrorRateDetector(
  reference: { readonly errors: number; readonly n: number },
  budget: RunLengthBudget,
): ErrorRateDetector {
  const { baselineLevel, logThreshold } = splitBudget(budget)
  const alternatives = rateAlternatives(rateUpperBound(reference.errors, reference.n, baselineLevel))
  return { ...createRiseEvidence(alternatives.tilts.length, logThreshold), alternatives }
}

/**
 * Takes one step's outcomes, `errors` of n in no order, and says whether the rate rose; the state is changed
 * and returned.
 *
 * The mixture of five likelihood ratios, begun anew at every step (Shiryaev–Roberts). Evidence falls when
 * the rise is over, so `drift` ends by itself. A step without outcomes adds a chance to begin and nothing
 * else. Valid as long as each outcome's chance of being wrong, given the past, is at most the baseline:
 * a daily cycle around the baseline breaks that.
 * Source: Shin, Ramdas and Rinaldo, E-detectors, arXiv 2203.03532.
 */
export function updateErrorRate(state: ErrorRateDetector, errors: number, n: number): ErrorRateDetector {
  const logEValues = new Float64Array(state.alternatives.tilts.length)
  writeRateEValues(state.alternatives, errors, n, logEValues)
  addEvidence(state, logEValues)
  return state
}
