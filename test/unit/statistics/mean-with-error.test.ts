import { describe, expect, it } from 'vitest'
import { differenceOfEstimates } from '../../../src/statistics/difference-of-estimates.ts'
import { meanWithError, rootOfEstimate } from '../../../src/statistics/mean-with-error.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

describe('meanWithError', () => {
  it('agrees with numpy and scipy', () => {
    for (const { n, sum, squareSum, mean, standardError } of goldenRows('mean')) {
      const actual = meanWithError(n!, sum!, squareSum!)
      expect(relativeError(actual!.value, mean!)).toBeLessThan(1e-13)
      expect(relativeError(actual!.standardError, standardError!)).toBeLessThan(1e-11)
    }
  })

  it('is null without values, and has no bounded error for one', () => {
    expect(meanWithError(0, 0, 0)).toBeNull()
    expect(meanWithError(1, 3, 9)).toEqual({ value: 3, standardError: Infinity })
  })

  it('takes a variance below 0 (rounding) as 0', () => {
    expect(meanWithError(3, 0.3, 0.03 - 1e-18)!.standardError).toBeLessThan(1e-9)
  })
})

describe('rootOfEstimate', () => {
  it('halves the relative error', () => {
    expect(rootOfEstimate({ value: 16, standardError: 1.6 })).toEqual({ value: 4, standardError: 0.2 })
    expect(rootOfEstimate({ value: 0, standardError: 0 })).toEqual({ value: 0, standardError: 0 })
  })
})

describe('differenceOfEstimates', () => {
  it('prices in the errors of both sides', () => {
    const { difference, lower, upper, pValue } = differenceOfEstimates(
      { value: 0.5, standardError: 0.03 },
      { value: 0.4, standardError: 0.04 },
      0.975,
    )
    expect(difference).toBeCloseTo(0.1, 14)
    // 0.1 / 0.05 = 2 standard errors; P(|Z| > 2) = 0.0455.
    expect(pValue).toBeCloseTo(0.0455, 4)
    expect(lower).toBeCloseTo(0.1 - 1.959964 * 0.05, 6)
    expect(upper).toBeCloseTo(0.1 + 1.959964 * 0.05, 6)
  })

  it('without any error is certain, of a difference and of none', () => {
    const exact = { value: 1, standardError: 0 }
    expect(differenceOfEstimates(exact, exact, 0.99).pValue).toBe(1)
    expect(differenceOfEstimates({ value: 2, standardError: 0 }, exact, 0.99).pValue).toBe(0)
  })
})
