/** Alternatives to "the mean loss is at most `baseline`", for losses from 0 up. Plain data. */
export interface LossAlternatives {
  readonly baseline: number
  /** Share of the evidence that is staked on a rise, between 0 and 1. */
  readonly stakes: Float64Array
  /** What a squared relative deviation costs at each stake. */
  readonly costs: Float64Array
}

/** The best stake is about the relative rise over the squared relative deviation. */
const STAKES = [0.01, 0.03, 0.1, 0.3]

/** The alternatives of a rise above the baseline, a mean loss above 0. */
export function lossAlternatives(baseline: number, stakes: readonly number[] = STAKES): LossAlternatives {
  return {
    baseline,
    stakes: Float64Array.from(stakes),
    costs: Float64Array.from(stakes, (stake) => -Math.log1p(-stake) - stake),
  }
}

/**
 * ln of the e-value of each alternative for n losses of which the sum and the sum of squares are known: its
 * mean is at most 1 while each loss's mean, given those before it, is at most the baseline.
 *
 * With x = loss / baseline - 1, at least -1: e = exp(stake sum(x) - cost sum(x^2)). It uses the spread that
 * was seen, so it sees small rises of losses that hardly vary, and it needs no greatest loss.
 * Source: Fan, Grama and Liu, Exponential inequalities for martingales, Electronic Journal of Probability 20
 * (2015): exp(s x + x^2 (s + ln(1 - s))) <= 1 + s x for x >= -1 and 0 <= s < 1.
 * @param into one number an alternative
 */
export function writeLossEValues(
  { baseline, stakes, costs }: LossAlternatives,
  sum: number,
  squares: number,
  n: number,
  into: Float64Array,
): void {
  const deviations = sum / baseline - n
  const squared = squares / (baseline * baseline) - (2 * sum) / baseline + n
  for (let j = 0; j < stakes.length; j++) into[j] = stakes[j]! * deviations - costs[j]! * squared
}
