import type { Estimate } from './mean-with-error.ts'

/**
 * A share and its standard error; null for n = 0. Half a value of each kind keeps the error of 0 of n and
 * of n of n from being 0. Source: the binomial law; the half values after Agresti and Coull, The American
 * Statistician 52 (1998).
 */
export function shareEstimate(hits: number, n: number): Estimate | null {
  if (n === 0) return null
  const smoothed = (hits + 0.5) / (n + 1)
  return { value: hits / n, standardError: Math.sqrt((smoothed * (1 - smoothed)) / n) }
}
