import { describe, expect, it } from 'vitest'
import { rateDifference } from '../../../src/statistics/binomial-rates.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

describe('rateDifference', () => {
  it('agrees with scipy, at rate 0 of 470 000 as well', () => {
    for (const { hits, n, referenceHits, m, pValue, midPValue, lower, upper } of goldenRows('rates')) {
      const actual = rateDifference(hits!, n!, referenceHits!, m!, 0.99)
      const where = `${hits} of ${n}, ${referenceHits} of ${m}`
      expect(relativeError(actual.pValue, pValue!), where).toBeLessThan(1e-7)
      expect(relativeError(actual.midPValue, midPValue!), where).toBeLessThan(1e-7)
      expect(Math.abs(actual.lower - lower!), where).toBeLessThan(1e-10)
      expect(Math.abs(actual.upper - upper!), where).toBeLessThan(1e-10)
    }
  })

  it('has the published interval of a difference', () => {
    // Newcombe (1998), table II, 56/70 against 48/80, method 10: 0.0524 to 0.3339 at 95 % two-sided.
    const { lower, upper } = rateDifference(56, 70, 48, 80, 0.975)
    expect(lower).toBeCloseTo(0.0524, 4)
    expect(upper).toBeCloseTo(0.3339, 4)
  })

  it('has the published probability of the lady tasting tea', () => {
    // Fisher, The Design of Experiments, § 12: all four right has probability 1 in 70.
    expect(rateDifference(4, 4, 0, 4, 0.99).pValue).toBeCloseTo(2 / 70, 12)
  })

  it('is not significant where nothing was seen on either side', () => {
    expect(rateDifference(0, 200, 0, 470_000, 0.99).pValue).toBe(1)
  })

  it('ends at once where the rates are worlds apart, either way', () => {
    expect(rateDifference(2_999_990, 3_000_000, 10, 3_000_000, 0.99).pValue).toBe(0)
    expect(rateDifference(10, 3_000_000, 2_999_990, 3_000_000, 0.99).pValue).toBe(0)
  })

  it('turns round with the samples', () => {
    const forth = rateDifference(30, 400, 90, 2000, 0.99)
    const back = rateDifference(90, 2000, 30, 400, 0.99)
    expect(back.difference).toBeCloseTo(-forth.difference, 14)
    expect(back.lower).toBeCloseTo(-forth.upper, 14)
    expect(back.pValue).toBeCloseTo(forth.pValue, 12)
  })

  it('knows nothing of an empty sample', () => {
    expect(rateDifference(0, 0, 3, 10, 0.99)).toMatchObject({ lower: -1, upper: 1, pValue: 1 })
    expect(rateDifference(0, 0, 3, 10, 0.99).rate).toBeNaN()
  })

  it('refuses more hits than values', () => {
    expect(() => rateDifference(11, 10, 0, 10, 0.99)).toThrow('got 11 of 10')
    expect(() => rateDifference(1, 10, -1, 10, 0.99)).toThrow('got -1 of 10')
  })
})
