import { describe, expect, it } from 'vitest'
import { rateUpperBound } from '../../../src/statistics/rate-upper-bound.ts'

describe('rateUpperBound', () => {
  // scipy 1.17.1: stats.beta.ppf(1 - level, hits + 1, n - hits).
  it.each([
    [0, 10, 0.05, 0.2588655508930522],
    [0, 470000, 0.01, 9.798186435730259e-6],
    [1, 2, 0.25, 0.8660254037844386],
    [3, 40, 0.05, 0.18258685001590122],
    [1000, 10000, 0.05, 0.10507111658723024],
    [1000, 10000, 0.001, 0.10959026632509357],
    [100000, 1000000, 0.05, 0.1004948119954619],
    [999, 1000, 0.1, 0.9998946450345664],
    [60000, 100000, 1e-9, 0.6092715866078502],
    [5, 10000000, 0.05, 1.0513032011338516e-6],
  ])('%i of %i at level %d', (hits, n, level, bound) => {
    expect(Math.abs(rateUpperBound(hits, n, level) / bound - 1)).toBeLessThan(1e-8)
  })

  it('is 1 where everything was a hit, or nothing was seen', () => {
    expect(rateUpperBound(7, 7, 0.05)).toBe(1)
    expect(rateUpperBound(0, 0, 0.05)).toBe(1)
  })

  it.each([
    [3, 2, 0.05],
    [-1, 2, 0.05],
    [0.5, 2, 0.05],
    [1, 2, 0],
    [1, 2, 1],
    [Number.NaN, 2, 0.05],
  ])('refuses %d hits of %d at level %d', (hits, n, level) => {
    expect(() => rateUpperBound(hits, n, level)).toThrow('expected')
  })
})
