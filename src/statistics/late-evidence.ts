/**
 * Evidence at every look against "all is well", where what is wrong may have begun at any look: what went well
 * before must not be paid back first. Plain data.
 */
export interface LateEvidence {
  looks: number
  /** ln of the evidence of each alternative, over all beginnings so far; -Infinity before the first look. */
  readonly logs: Float64Array
}

/** Before any look. */
export function createLateEvidence(alternatives: number): LateEvidence {
  return { looks: 0, logs: new Float64Array(alternatives).fill(Number.NEGATIVE_INFINITY) }
}

/**
 * Takes in a look: of each alternative the ln of an e-value, whose mean is at most 1 while all is well, given
 * what was seen before.
 *
 * An evidence that begins at a look that was fixed beforehand, and is 1 until then, has a mean of at most 1 at
 * every time; so has a mean of such with fixed weights, here 1 / (t (t + 1)) for the one that begins at look t.
 * A beginning at look t costs ln (t (t + 1)), whatever was seen before it.
 * Source: Shin, Ramdas and Rinaldo, New England Journal of Statistics in Data Science 2 (2024), for evidence
 * summed over beginnings; the weights make the chance of an alarm at any time at most its level (Ville).
 * @param logEValues one number an alternative
 */
export function addLook(evidence: LateEvidence, logEValues: Float64Array): void {
  const { logs } = evidence
  const look = ++evidence.looks
  const logWeight = -Math.log(look) - Math.log(look + 1)
  for (let at = 0; at < logs.length; at++) logs[at] = logSum(logs[at]!, logWeight) + logEValues[at]!
}

/** ln of the evidence: above 1 / alpha, ever, with a chance of at most alpha while all is well. 0 at first. */
export function logLateEvidence({ looks, logs }: LateEvidence): number {
  const begun = logs.reduce(logSum, Number.NEGATIVE_INFINITY) - Math.log(logs.length)
  // Those still to begin have the weights that are left, and nothing against them yet.
  return logSum(begun, -Math.log(looks + 1))
}

/** ln (e^a + e^b). */
function logSum(a: number, b: number): number {
  const [most, least] = a > b ? [a, b] : [b, a]
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(least - most))
}
