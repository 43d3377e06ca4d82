import type { Estimate } from './mean-with-error.ts'

/**
 * The plain mean of estimates, e.g. of one metric over the classes; null without any.
 *
 * The estimates come from the same events and depend on each other in ways that counts do not tell. The mean
 * of their standard errors is the largest the error of the mean can be, whatever the dependence.
 */
export function macroAverage(estimates: readonly Estimate[]): Estimate | null {
  if (estimates.length === 0) return null
  let value = 0
  let standardError = 0
  for (const estimate of estimates) {
    value += estimate.value
    standardError += estimate.standardError
  }
  return { value: value / estimates.length, standardError: standardError / estimates.length }
}
