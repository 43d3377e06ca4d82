import { describe, expect, it } from 'vitest'
import { acat } from '../../../src/statistics/acat.ts'
import { jointPValue } from '../../../src/statistics/joint-p-value.ts'

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
