import { DriftstreamError } from '../../errors/driftstream-error.ts'

/** What a detector without end may spend. */
export interface RunLengthBudget {
  /** Expected false alarms allowed in a period, at most 1. */
  readonly falseAlarms: number
  /** Steps in the period: how often it is updated. */
  readonly looks: number
}

/**
 * The part of the budget that pays for not knowing the baseline. A tenth costs the detector itself ln(10/9)
 * of evidence, next to nothing, and buys a confidence bound 1.6 standard errors (at half an alarm a period)
 * above what the reference showed.
 */
const BASELINE_SHARE = 0.1

export interface SplitBudget {
  /** Probability with which the baseline may be too low. */
  readonly baselineLevel: number
  /** ln of the evidence that is an alarm. */
  readonly logThreshold: number
}

/**
 * Splits a budget between the baseline and the detector.
 *
 * With probability 1 - level the true mean of the reference's world lies below its upper bound, and then
 * the expected number of false alarms in the period is at most looks / c = falseAlarms - level. So false
 * alarms happen in at most the share `falseAlarms` of periods, counted over references as well as over
 * what came after. The reference is used once, for its bound, and not inside the e-value: one reference
 * against every possible beginning would make all e-values lean on the same chance.
 * @throws STATE_IMPOSSIBLE unless both are above 0
 */
export function splitBudget({ falseAlarms, looks }: RunLengthBudget): SplitBudget {
  if (!(falseAlarms > 0 && looks > 0)) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected false alarms and looks above 0, got ${falseAlarms} in ${looks} looks`,
    )
  }
  const allowed = Math.min(1, falseAlarms)
  const baselineLevel = BASELINE_SHARE * allowed
  return { baselineLevel, logThreshold: Math.log(looks / (allowed - baselineLevel)) }
}
