import { type Counts, requireSameCells, total } from './count-totals.ts'

/**
 * Jensen–Shannon divergence of two count arrays on the same cells, in nats: 0 for equal shares, ln 2 for
 * cells never shared. Its square root is the Jensen–Shannon distance.
 *
 * Both samples weigh a half, whatever their sizes. Without change 8 * JS ~ (1/n + 1/m) chi²(cells - 1). An
 * empty sample: 0.
 * Source: Lin, IEEE Transactions on Information Theory 37 (1991); compared with scipy 1.17.1
 * `spatial.distance.jensenshannon`.
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function jensenShannon(window: Counts, reference: Counts): number {
  requireSameCells(window, reference)
  const n = total(window)
  const m = total(reference)
  if (n === 0 || m === 0) return 0
  let sum = 0
  for (let cell = 0; cell < window.length; cell++) {
    const p = window[cell]! / n
    const q = reference[cell]! / m
    const middle = (p + q) / 2
    if (p > 0) sum += p * Math.log(p / middle)
    if (q > 0) sum += q * Math.log(q / middle)
  }
  return Math.max(0, sum / 2)
}
