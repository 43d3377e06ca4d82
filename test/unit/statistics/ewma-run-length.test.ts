import { describe, expect, it } from 'vitest'
import { ewmaLimit, ewmaRunLength } from '../../../src/statistics/ewma-run-length.ts'
import { normalTwoSided } from '../../../src/statistics/normal.ts'

describe('ewmaRunLength', () => {
  // Lucas and Saccucci, Technometrics 32 (1990), table 3.
  it.each([
    [0.1, 2.814, 0, 500],
    [0.1, 2.814, 0.25, 106],
    [0.1, 2.814, 0.5, 31.3],
    [0.1, 2.814, 1, 10.3],
    [0.1, 2.814, 2, 4.36],
    [0.25, 2.998, 0, 500],
    [0.25, 2.998, 0.5, 48.2],
    [0.25, 2.998, 1, 11.1],
  ])('weight %d, limit %d, shift %d: %d', (weight, limit, shift, published) => {
    expect(Math.abs(ewmaRunLength(weight, limit, shift) / published - 1)).toBeLessThan(0.005)
  })

  it("is Shewhart's at weight 1", () => {
    expect(ewmaRunLength(1, 3)).toBeCloseTo(1 / normalTwoSided(3), 6)
  })
})

describe('ewmaLimit', () => {
  // Designed by a Markov chain of many states, limits to 0.003.
  it.each([
    [0.05, 500, 2.616],
    [0.05, 2160, 3.155],
    [0.05, 43_200, 4.024],
    [0.1, 500, 2.815],
    [0.1, 2160, 3.308],
    [0.1, 43_200, 4.124],
    [0.2, 2160, 3.418],
    [0.4, 500, 3.054],
    [0.4, 43_200, 4.226],
  ])('weight %d, once in %d values: %d', (weight, runLength, limit) => {
    expect(Math.abs(ewmaLimit(weight, runLength) - limit)).toBeLessThan(0.003)
  })

  it('refuses run lengths it cannot reach', () => {
    expect(() => ewmaLimit(0.1, 1e12)).toThrow('expected')
  })
})
