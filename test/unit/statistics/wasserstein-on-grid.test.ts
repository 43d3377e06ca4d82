import { describe, expect, it } from 'vitest'
import { wassersteinOnGrid } from '../../../src/statistics/wasserstein-on-grid.ts'
import { goldenCounts, relativeError } from '../../support/golden-statistics.ts'

describe('wassersteinOnGrid', () => {
  it('agrees with scipy', () => {
    for (const row of goldenCounts('distances')) {
      const actual = wassersteinOnGrid(row.window, row.reference, row.places as unknown as number[])
      expect(relativeError(actual.distance, row.wasserstein!)).toBeLessThan(1e-10)
      expect(relativeError(actual.inReferenceDeviations, row.inReferenceDeviations!)).toBeLessThan(1e-10)
    }
  })

  it('is the way of a shift', () => {
    expect(wassersteinOnGrid([0, 5, 5], [5, 5, 0], [1, 3, 5]).distance).toBeCloseTo(2, 12)
    expect(wassersteinOnGrid([0, 9], [4, 0], [1, 3])).toEqual({
      distance: 2,
      inReferenceDeviations: Infinity,
    })
    expect(wassersteinOnGrid([9, 0], [4, 0], [1, 3]).inReferenceDeviations).toBe(0)
    expect(wassersteinOnGrid([0, 0], [4, 0], [1, 3]).distance).toBe(0)
    expect(() => wassersteinOnGrid([1], [1, 2], [1, 2])).toThrow('got 1 and 2 cells')
  })
})
