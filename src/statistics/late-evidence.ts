import { logSum } from './log-sum.ts'
import {
  advanceShiryaevRoberts,
  createShiryaevRoberts,
  logMixture,
  type ShiryaevRoberts,
} from './shiryaev-roberts.ts'

/**
 * Evidence at every look against "all is well", where what is wrong may have begun at any look: what went well
 * before must not be paid back first. Plain data.
 */
export interface LateEvidence extends ShiryaevRoberts {
  looks: number
}

/** Before any look. */
export function createLateEvidence(alternatives: number): LateEvidence {
  return { ...createShiryaevRoberts(alternatives), looks: 0 }
}

/**
 * Takes in a look: of each alternative the ln of an e-value, whose mean is at most 1 while all is well, given
 * what was seen before.
 *
 * An evidence that begins at a look that was fixed beforehand, and is 1 until then, has a mean of at most 1 at
 * every time; so has a mean of such with fixed weights, here 1 / (t (t + 1)) for the one that begins at look t.
 * A beginning at look t costs ln (t (t + 1)), whatever was seen before it. The weights, where Shiryaev-Roberts
 * gives every beginning the same, make the chance of an alarm at any time at most its level (Ville).
 * Source: Shin, Ramdas and Rinaldo, E-detectors, arXiv 2203.03532, for evidence summed over beginnings.
 * @param logEValues one number an alternative
 * @throws STATE_IMPOSSIBLE when the number of e-values is not that of the alternatives
 */
export function addLook(evidence: LateEvidence, logEValues: Float64Array): void {
  const look = ++evidence.looks
  advanceShiryaevRoberts(evidence, logEValues, 1 / (look * (look + 1)))
}

/** ln of the evidence: above 1 / alpha, ever, with a chance of at most alpha while all is well. 0 at first. */
export function logLateEvidence(evidence: LateEvidence): number {
  // Those still to begin have the weights that are left, and nothing against them yet.
  return logSum(logMixture(evidence), -Math.log(evidence.looks + 1))
}
