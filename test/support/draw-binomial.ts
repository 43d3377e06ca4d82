import type { Random } from '../../src/statistics/random.ts'

/** Hits of n at a rate: by waiting times, so that small rates cost little. */
export function drawBinomial(n: number, rate: number, random: Random): number {
  if (rate >= 1) return n
  const perTry = Math.log1p(-rate)
  let hits = 0
  for (
    let at = Math.log(1 - random()) / perTry;
    at < n;
    at += 1 + Math.floor(Math.log(1 - random()) / perTry)
  ) {
    hits++
  }
  return hits
}
