import { describe, expect, it } from 'vitest'
import { areaUnderCurve } from '../../../src/statistics/auc.ts'
import { goldenJoints, relativeError } from '../../support/golden-statistics.ts'

describe('areaUnderCurve', () => {
  it('agrees with the rank test and with placements counted pair by pair', () => {
    for (const { joint, auc, standardError } of goldenJoints()) {
      const actual = areaUnderCurve(joint)
      expect(relativeError(actual!.value, auc!)).toBeLessThan(1e-12)
      expect(relativeError(actual!.standardError, standardError!)).toBeLessThan(1e-10)
    }
  })

  it('is a half where all scores are tied, and knows that this is not certain', () => {
    expect(areaUnderCurve([50, 20])).toEqual({ value: 0.5, standardError: 0.5 / 20 })
  })

  it('is 1 where the bins separate the classes, with the error of half a misranked value', () => {
    expect(areaUnderCurve([30, 0, 0, 10])).toEqual({ value: 1, standardError: 0.05 })
    expect(areaUnderCurve([0, 30, 10, 0])).toEqual({ value: 0, standardError: 0.05 })
  })

  it.each([
    ['no values', []],
    ['no positives', [4, 0, 5, 0]],
    ['no negatives', [0, 4, 0, 5]],
  ])('is null for %s', (_, joint) => {
    expect(areaUnderCurve(joint)).toBeNull()
  })
})
