import { describe, expect, it } from 'vitest'
import { hellinger } from '../../../src/statistics/hellinger.ts'
import { goldenCounts, relativeError } from '../../support/golden-statistics.ts'

describe('hellinger', () => {
  it('agrees with scipy', () => {
    for (const row of goldenCounts('distances')) {
      expect(relativeError(hellinger(row.window, row.reference), row.hellinger!)).toBeLessThan(1e-10)
    }
  })

  it('reaches from 0 to 1', () => {
    expect(hellinger([10, 30], [1, 3])).toBe(0)
    expect(hellinger([5, 0], [0, 7])).toBe(1)
    expect(hellinger([0, 0], [1, 1])).toBe(0)
    expect(() => hellinger([1], [1, 2])).toThrow('got 1 and 2 cells')
  })
})
