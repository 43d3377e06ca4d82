import { describe, expect, it } from 'vitest'
import { meanUpperBound } from '../../../src/statistics/mean-upper-bound.ts'
import { createRandom } from '../../../src/statistics/random.ts'

describe('meanUpperBound', () => {
  it('holds as often as it promises, for values of little and of much spread', () => {
    const random = createRandom('bound')
    const draws = { narrow: () => 0.4 + 0.2 * random(), rare: () => (random() < 0.02 ? 1 : 0) }
    const means = { narrow: 0.5, rare: 0.02 }
    for (const kind of ['narrow', 'rare'] as const) {
      let below = 0
      for (let run = 0; run < 400; run++) {
        let sum = 0
        let squares = 0
        for (let i = 0; i < 500; i++) {
          const value = draws[kind]()
          sum += value
          squares += value * value
        }
        if (meanUpperBound(sum, squares, 500, 0.1) < means[kind]) below++
      }
      // 40 misses are allowed; three standard deviations more would be chance.
      expect(below).toBeLessThanOrEqual(58)
    }
  })

  it('comes near the mean as n grows, and is 1 where nothing is known', () => {
    expect(meanUpperBound(1e5, 3e4, 1e6, 0.05)).toBeLessThan(0.101)
    expect(meanUpperBound(0, 0, 1, 0.05)).toBe(1)
    expect(meanUpperBound(9, 9, 9, 0.05)).toBe(1)
  })

  it.each([
    [2, 3, 10, 0.05],
    [11, 1, 10, 0.05],
    [1, -1, 10, 0.05],
    [1, 1, 10, 0],
  ])('refuses sum %d, squares %d, n %d, level %d', (sum, squares, n, level) => {
    expect(() => meanUpperBound(sum, squares, n, level)).toThrow('expected')
  })
})
