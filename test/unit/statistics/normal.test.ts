import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile, normalSurvival, normalTwoSided } from '../../../src/statistics/normal.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

describe('normalSurvival', () => {
  it('agrees with scipy out to 37 standard deviations', () => {
    for (const { z, survival } of goldenRows('normal')) {
      expect(relativeError(normalSurvival(z!), survival!), `z ${z}`).toBeLessThan(2e-12)
      expect(normalCdf(-z!)).toBe(normalSurvival(z!))
    }
  })

  it('is two-sided the mass of both tails', () => {
    expect(normalTwoSided(-3)).toBeCloseTo(2 * normalSurvival(3), 15)
    expect(normalTwoSided(0)).toBe(1)
    expect(normalTwoSided(Infinity)).toBe(0)
  })

  it('hands NaN on', () => {
    expect(normalSurvival(Number.NaN)).toBeNaN()
    expect(normalTwoSided(Number.NaN)).toBeNaN()
  })
})

describe('normalQuantile', () => {
  it('agrees with scipy down to 1e-300', () => {
    for (const { p, z } of goldenRows('normalQuantile')) {
      expect(Math.abs(normalQuantile(p!) - z!), `p ${p}`).toBeLessThan(1e-12)
    }
  })

  it('is infinite at 0 and 1 and refuses what is no probability', () => {
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
    for (const p of [-1e-9, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow('from 0 to 1')
  })
})
