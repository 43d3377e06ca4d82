import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/statistics/random.ts'

const first = (seed: string, count: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, random)
}

describe('createRandom', () => {
  it('is sfc32, by a second transcription with unbounded integers (Python)', () => {
    expect(first('77aa0c4de19b2f35', 4).map((u) => u * 2 ** 32)).toEqual([
      3770327850, 3832182072, 1059373951, 2964002885,
    ])
    expect(first('', 4).map((u) => u * 2 ** 32)).toEqual([384237022, 2358674787, 3114457754, 4271036754])
  })

  it('gives the same sequence for a seed, and another for another', () => {
    expect(first('a', 20)).toEqual(first('a', 20))
    expect(first('a', 20)).not.toEqual(first('b', 20))
  })

  it('fills [0, 1) evenly', () => {
    const cells = new Array(16).fill(0)
    for (const u of first('even', 160_000)) cells[Math.floor(u * 16)]++
    const chiSquare = cells.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    // 0.999 quantile of chi-square with 15 degrees of freedom (scipy.stats.chi2.ppf): 37.70.
    expect(chiSquare).toBeLessThan(37.7)
    expect(cells).toHaveLength(16)
  })
})
