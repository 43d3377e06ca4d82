import { describe, expect, it } from 'vitest'
import { acat } from '../../../src/statistics/acat.ts'
import { jointPValue } from '../../../src/statistics/joint-p-value.ts'

describe('acat', () => {
  it('leaves one p-value as it is, and equal ones', () => {
    for (const p of [1e-12, 1e-4, 0.05, 0.5, 0.9]) {
      expect(acat([p])).toBeCloseTo(p, 12)
      expect(acat([p, p, p]) / p).toBeCloseTo(1, 9)
    }
  })

  it('is near the smallest times the number of tests, in the tail', () => {
    expect(acat([1e-8, 0.4, 0.6]) / 3e-8).toBeCloseTo(1, 6)
  })

  it('takes p-values into [1e-15, 0.99]', () => {
    expect(acat([0]) / 1e-15).toBeCloseTo(1, 9)
    expect(acat([1])).toBeCloseTo(0.99, 12)
    expect(acat([])).toBe(1)
    expect(acat([Number.NaN, 0.5])).toBeNaN()
  })
})

describe('jointPValue', () => {
  it('does not let a p-value of 1 hide the others', () => {
    const alone = jointPValue([
      { pValue: 0.01, weight: 0.8 },
      { pValue: 1, weight: 0.2 },
    ])
    expect(alone / (0.01 / 0.8)).toBeCloseTo(1, 2)
    expect(alone).toBeLessThan(acat([0.01, 1]))
  })

  it('shares the weight of a test that could not be made among the others', () => {
    const tests = [
      { pValue: 0.002, weight: 0.4 },
      { pValue: null, weight: 0.4 },
    ]
    expect(jointPValue(tests)).toBeCloseTo(0.002, 12)
    expect(jointPValue([{ pValue: null, weight: 1 }])).toBe(1)
    expect(jointPValue([])).toBe(1)
  })

  it('claims nothing below 1e-15', () => {
    expect(jointPValue([{ pValue: 0, weight: 1 }]) / 1e-15).toBeCloseTo(1, 9)
  })
})
