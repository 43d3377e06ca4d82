import { noncentralChiSquareCdf } from './noncentral-chi-square.ts'

const STEPS_MAX = 200
const RELATIVE_PRECISION = 1e-9

/**
 * The noncentrality under which a noncentral chi-squared value stays at or below `statistic` with the given
 * probability; 0 where even the central one does so more rarely.
 *
 * At probability 0.99 it is the 99 % lower bound of the true noncentrality, at 0.01 the 99 % upper bound.
 * Relative error 1e-6.
 * @throws STATE_IMPOSSIBLE unless degreesOfFreedom > 0 and statistic >= 0
 */
export function noncentralityAt(statistic: number, degreesOfFreedom: number, probability: number): number {
  const excess = (noncentrality: number): number =>
    noncentralChiSquareCdf(statistic, degreesOfFreedom, noncentrality) - probability
  if (excess(0) <= 0) return 0
  let low = 0
  let high = Math.max(1, statistic)
  while (excess(high) > 0) {
    low = high
    high *= 2
  }
  // Regula falsi with the Illinois rule: the mixture behind each step is dear, and halving takes four times as many.
  let above = excess(low)
  let below = excess(high)
  let side = 0
  for (let step = 0; step < STEPS_MAX && high - low > RELATIVE_PRECISION * high; step++) {
    const falsi = low + ((high - low) * above) / (above - below)
    // Now and then the middle, lest one end never moves.
    const between = step % 8 === 7 || !(falsi > low && falsi < high) ? (low + high) / 2 : falsi
    const now = excess(between)
    if (now === 0) return between
    if (now > 0) {
      low = between
      above = now
      if (side === 1) below /= 2
      side = 1
    } else {
      high = between
      below = now
      if (side === -1) above /= 2
      side = -1
    }
  }
  return (low + high) / 2
}
