import { describe, expect, it } from 'vitest'
import { pearsonChiSquare } from '../../../src/statistics/pearson-chi-square.ts'
import { goldenCounts, relativeError } from '../../support/golden-statistics.ts'

describe('pearsonChiSquare', () => {
  it('agrees with scipy on the pooled cells', () => {
    for (const row of goldenCounts('pearson')) {
      const actual = pearsonChiSquare(row.window, row.reference)
      expect(actual.degreesOfFreedom).toBe(row.degreesOfFreedom)
      expect(relativeError(actual.chiSquare, row.chiSquare!)).toBeLessThan(1e-11)
      expect(relativeError(actual.pValue, row.pValue!)).toBeLessThan(1e-9)
    }
  })

  it('has the value of a published table', () => {
    // Fisher, Statistical Methods for Research Workers, § 21: twins of convicts, 10 and 2 against 3 and 15.
    expect(pearsonChiSquare([10, 2], [3, 15]).chiSquare).toBeCloseTo(13.032, 3)
  })

  it.each([
    ['no window', [0, 0], [50, 50]],
    ['no reference', [50, 50], [0, 0]],
    ['one cell', [50], [50]],
    ['cells that pool into one', [1, 2], [3, 2]],
  ])('says nothing of %s', (_, window, reference) => {
    expect(pearsonChiSquare(window, reference)).toEqual({ chiSquare: 0, degreesOfFreedom: 0, pValue: 1 })
  })
})
