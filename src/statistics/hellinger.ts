import { type Counts, requireSameCells, total } from './count-totals.ts'

/**
 * Hellinger distance of two count arrays on the same cells: sqrt(1/2 sum (sqrt p - sqrt q)²), 0 to 1.
 *
 * Without change 8 * H² ~ (1/n + 1/m) chi²(cells - 1). An empty sample: 0.
 * Source: Hellinger (1909); Le Cam and Yang, Asymptotics in Statistics (2000).
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function hellinger(window: Counts, reference: Counts): number {
  requireSameCells(window, reference)
  const n = total(window)
  const m = total(reference)
  if (n === 0 || m === 0) return 0
  let sum = 0
  for (let cell = 0; cell < window.length; cell++) {
    sum += (Math.sqrt(window[cell]! / n) - Math.sqrt(reference[cell]! / m)) ** 2
  }
  return Math.min(1, Math.sqrt(sum / 2))
}
