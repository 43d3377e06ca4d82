import { describe, expect, it } from 'vitest'
import { gTest } from '../../../src/statistics/g-test.ts'
import { goldenCounts, relativeError } from '../../support/golden-statistics.ts'

describe('gTest', () => {
  it('agrees with scipy on the pooled cells', () => {
    for (const row of goldenCounts('distances')) {
      const { g, pValue } = gTest(row.window, row.reference)
      expect(relativeError(g, row.g!)).toBeLessThan(1e-9)
      expect(relativeError(pValue, row.gPValue!)).toBeLessThan(1e-8)
    }
  })

  it('says nothing of empty samples and single cells', () => {
    expect(gTest([0, 0], [5, 5])).toEqual({ g: 0, degreesOfFreedom: 0, pValue: 1 })
    expect(gTest([9], [9])).toEqual({ g: 0, degreesOfFreedom: 0, pValue: 1 })
  })
})
