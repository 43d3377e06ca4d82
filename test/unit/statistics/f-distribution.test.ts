import { describe, expect, it } from 'vitest'
import { fSurvival, studentTwoSided } from '../../../src/statistics/f-distribution.ts'
import { incompleteBeta } from '../../../src/statistics/incomplete-beta.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

describe('incompleteBeta', () => {
  it('agrees with scipy', () => {
    for (const { a, b, x, value } of goldenRows('incompleteBeta')) {
      expect(relativeError(incompleteBeta(a!, b!, x!, 1 - x!), value!), `${a} ${b} ${x}`).toBeLessThan(1e-10)
    }
  })

  it('refuses what is no beta law', () => {
    expect(() => incompleteBeta(0, 1, 0.5, 0.5)).toThrow('expected a > 0')
    expect(() => incompleteBeta(1, 1, 1.5, -0.5)).toThrow('got 1, 1, 1.5')
    expect(() => incompleteBeta(1, 1, Number.NaN, 0.5)).toThrow('NaN')
  })
})

describe('fSurvival', () => {
  it('agrees with scipy far into the tail', () => {
    for (const { x, numerator, denominator, survival } of goldenRows('fDistribution')) {
      const actual = fSurvival(x!, numerator!, denominator!)
      expect(relativeError(actual, survival!), `${x} ${numerator} ${denominator}`).toBeLessThan(1e-10)
    }
  })

  it('has the published 5 % point of Student with 10 degrees, and its ends', () => {
    // Abramowitz and Stegun, table 26.10.
    expect(studentTwoSided(2.228, 10)).toBeCloseTo(0.05, 4)
    expect(fSurvival(0, 4, 20)).toBe(1)
    expect(fSurvival(Infinity, 4, 20)).toBe(0)
  })
})
