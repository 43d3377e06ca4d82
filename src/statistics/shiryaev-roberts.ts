import { DriftstreamError } from '../errors/driftstream-error.ts'
import { logSum } from './log-sum.ts'

/** Evidence for a change at any time so far, as logarithms, one a component. Plain data. */
export interface ShiryaevRoberts {
  readonly logEvidence: Float64Array
}

/** No evidence yet, for a mixture of so many alternatives, each of the same weight. */
export function createShiryaevRoberts(components: number): ShiryaevRoberts {
  return { logEvidence: new Float64Array(components).fill(-Infinity) }
}

/**
 * Goes one step on: M <- (M + starts) e for every component, in logarithms, so nothing overflows.
 *
 * `logEValues` holds ln e of one step's data for every component, where e >= 0 has a mean of at most 1 while
 * nothing has changed, whatever came before. `starts` is how many chances to begin the change gets before
 * this step: 1 counts run lengths in steps, the number of values in the step counts them in values; it may
 * depend on the past, not on the step's own data.
 *
 * Then M less the sum of starts is a supermartingale, so with an alarm, and a new beginning, at M >= c the
 * expected number of false alarms in any horizon is at most the sum of starts in it over c: the mean run
 * length is at least c. No approximation, no independence between steps.
 * Source: Shin, Ramdas and Rinaldo, E-detectors, arXiv 2203.03532.
 * @throws STATE_IMPOSSIBLE when the number of e-values is not that of the components
 */
export function advanceShiryaevRoberts(
  { logEvidence }: ShiryaevRoberts,
  logEValues: Float64Array,
  starts: number,
): void {
  if (logEValues.length !== logEvidence.length) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected ${logEvidence.length} e-values, one a component, got ${logEValues.length}`,
    )
  }
  const logStarts = Math.log(starts)
  for (let component = 0; component < logEvidence.length; component++) {
    logEvidence[component] = logSum(logEvidence[component]!, logStarts) + logEValues[component]!
  }
}

/** ln M of the mixture, the mean over the components; -Infinity before the first step. */
export function logMixture({ logEvidence }: ShiryaevRoberts): number {
  const sum = logEvidence.reduce(logSum, -Infinity)
  return sum - Math.log(logEvidence.length)
}
