import { describe, expect, it } from 'vitest'
import { lowerGamma, upperGamma } from '../../../src/statistics/incomplete-gamma.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

describe('incomplete gamma function', () => {
  it('agrees with scipy on both sides of the mode, up to a shape of 1e5', () => {
    for (const { shape, x, upper, lower } of goldenRows('incompleteGamma')) {
      const tolerance = shape! <= 100 ? 1e-12 : 1e-9
      expect(relativeError(upperGamma(shape!, x!), upper!), `Q(${shape}, ${x})`).toBeLessThan(tolerance)
      expect(relativeError(lowerGamma(shape!, x!), lower!), `P(${shape}, ${x})`).toBeLessThan(tolerance)
    }
  })

  it('is all or nothing at the ends', () => {
    expect([upperGamma(3, 0), lowerGamma(3, 0)]).toEqual([1, 0])
    expect([upperGamma(3, Infinity), lowerGamma(3, Infinity)]).toEqual([0, 1])
  })

  it.each([
    [0, 1],
    [-1, 1],
    [Number.NaN, 1],
    [Infinity, 1],
    [1, -1],
    [1, Number.NaN],
  ])('refuses shape %d with x %d', (shape, x) => {
    expect(() => upperGamma(shape, x)).toThrow('expected a shape > 0 and x >= 0')
    expect(() => lowerGamma(shape, x)).toThrow('expected a shape > 0 and x >= 0')
  })
})
