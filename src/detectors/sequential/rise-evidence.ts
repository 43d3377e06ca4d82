import {
  advanceShiryaevRoberts,
  createShiryaevRoberts,
  logMixture,
  type ShiryaevRoberts,
} from '../../statistics/shiryaev-roberts.ts'

/** What speaks for a rise at any time so far. Plain data; the last fields are those after the last step. */
export interface RiseEvidence {
  readonly logThreshold: number
  evidence: ShiryaevRoberts
  /** ln M: one alarm at evidence like this is expected by chance in so many steps. -Infinity before the first. */
  logEvidence: number
  warning: boolean
  drift: boolean
}

/** Warns from this share of the evidence on that is an alarm. */
const WARNING_SHARE = 0.1

export function createRiseEvidence(components: number, logThreshold: number): RiseEvidence {
  return {
    logThreshold,
    evidence: createShiryaevRoberts(components),
    logEvidence: -Infinity,
    warning: false,
    drift: false,
  }
}

/** Adds one step's e-values, given as logarithms. */
export function addEvidence(state: RiseEvidence, logEValues: Float64Array): void {
  advanceShiryaevRoberts(state.evidence, logEValues, 1)
  state.logEvidence = logMixture(state.evidence)
  state.drift = state.logEvidence >= state.logThreshold
  state.warning = !state.drift && state.logEvidence >= state.logThreshold + Math.log(WARNING_SHARE)
}

/** Forgets all evidence, as after an alarm that was acted on; the budget counts alarms with this between them. */
export function restart(state: RiseEvidence): void {
  state.evidence = createShiryaevRoberts(state.evidence.logEvidence.length)
  state.logEvidence = -Infinity
  state.warning = false
  state.drift = false
}
