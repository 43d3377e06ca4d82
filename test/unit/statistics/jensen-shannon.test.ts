import { describe, expect, it } from 'vitest'
import { jensenShannon } from '../../../src/statistics/jensen-shannon.ts'
import { goldenCounts, relativeError } from '../../support/golden-statistics.ts'

describe('jensenShannon', () => {
  it('agrees with scipy', () => {
    for (const row of goldenCounts('distances')) {
      expect(relativeError(jensenShannon(row.window, row.reference), row.jensenShannon!)).toBeLessThan(1e-10)
    }
  })

  it('reaches from 0 to ln 2, the same both ways', () => {
    expect(jensenShannon([10, 30], [1, 3])).toBe(0)
    expect(jensenShannon([5, 0], [0, 7])).toBeCloseTo(Math.LN2, 12)
    expect(jensenShannon([9, 1, 4], [2, 2, 2])).toBeCloseTo(jensenShannon([2, 2, 2], [9, 1, 4]), 14)
    expect(jensenShannon([0, 0], [1, 1])).toBe(0)
    expect(() => jensenShannon([1], [1, 2])).toThrow('got 1 and 2 cells')
  })
})
