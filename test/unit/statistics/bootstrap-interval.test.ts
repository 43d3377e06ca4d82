import { describe, expect, it } from 'vitest'
import { bootstrapInterval, bootstrapRepeatsMin } from '../../../src/statistics/bootstrap-interval.ts'
import { createRandom, type Random } from '../../../src/statistics/random.ts'

const meanOf = (values: readonly number[]) => (weights: Uint32Array) =>
  values.reduce((sum, value, index) => sum + value * weights[index]!, 0) / values.length

const standardNormal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

function interval(values: readonly number[], seed: string, confidence = 0.95, repeats = 400) {
  return bootstrapInterval(values.length, meanOf(values), { confidence, repeats, random: createRandom(seed) })
}

describe('bootstrapInterval', () => {
  it('is near the normal interval for a mean of many', () => {
    const random = createRandom('sample')
    const values = Array.from({ length: 2000 }, () => standardNormal(random))
    const mean = values.reduce((sum, value) => sum + value) / 2000
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 1999)
    const bounds = interval(values, 'draws', 0.95, 4000)
    expect(bounds?.lower).toBeCloseTo(mean - (1.96 * sd) / Math.sqrt(2000), 2)
    expect(bounds?.upper).toBeCloseTo(mean + (1.96 * sd) / Math.sqrt(2000), 2)
  })

  it('covers the truth about as often as it says', () => {
    const random = createRandom('coverage')
    let covered = 0
    for (let run = 0; run < 400; run++) {
      const bounds = interval(
        Array.from({ length: 100 }, () => standardNormal(random)),
        `run ${run}`,
        0.9,
        199,
      )
      if (bounds !== null && bounds.lower <= 0 && 0 <= bounds.upper) covered++
    }
    // 360 of 400 expected, standard deviation 6; three of them, and a little for the percentile method.
    expect(covered).toBeGreaterThan(338)
    expect(covered).toBeLessThan(380)
  })

  it('draws neighbours together in blocks, across the end as well', () => {
    const together: boolean[] = []
    const statistic = (weights: Uint32Array) => {
      expect(weights.reduce((sum, weight) => sum + weight)).toBe(10)
      // Two blocks of four and one of two: no run of drawn rows, taken round, is shorter than two.
      const lonely = weights.findIndex((weight, row) => {
        return weight > 0 && weights.at(row - 1) === 0 && weights[(row + 1) % 10] === 0
      })
      together.push(lonely === -1)
      return 0
    }
    const options = { confidence: 0.9, repeats: 99, random: createRandom('blocks'), blockLength: 4 }
    bootstrapInterval(10, statistic, options)
    expect(together).toHaveLength(99)
    expect(together).not.toContain(false)
  })

  it('hands over weights that sum to n', () => {
    const sums = new Set<number>()
    const statistic = (weights: Uint32Array) => {
      sums.add(weights.reduce((sum, weight) => sum + weight))
      return 0
    }
    bootstrapInterval(50, statistic, { confidence: 0.9, repeats: 39, random: createRandom('w') })
    expect([...sums]).toEqual([50])
  })

  it('gives the same bounds for the same seed', () => {
    const values = [1, 5, 2, 8, 3, 9, 4]
    expect(interval(values, 'a')).toEqual(interval(values, 'a'))
    expect(interval(values, 'a')).not.toEqual(interval(values, 'b', 0.95, 40))
  })

  it('is null without rows, with too few repeats, and when a repeat is not defined', () => {
    expect(interval([], 'a')).toBeNull()
    expect(interval([1, 2], 'a', 0.95, 38)).toBeNull()
    const random = createRandom('a')
    const undefinedOnce = (weights: Uint32Array) => (weights[0] === 0 ? null : 1)
    expect(bootstrapInterval(5, undefinedOnce, { confidence: 0.9, repeats: 100, random })).toBeNull()
    expect(bootstrapInterval(5, () => Number.NaN, { confidence: 0.9, repeats: 100, random })).toBeNull()
  })

  it.each([
    [0.9, 19],
    [0.95, 39],
    [0.99, 199],
    [0.999, 1999],
  ])('needs for confidence %d at least %d repeats', (confidence, repeats) => {
    expect(bootstrapRepeatsMin(confidence)).toBe(repeats)
    expect(interval([1, 2, 3], 'a', confidence, repeats)).not.toBeNull()
    expect(interval([1, 2, 3], 'a', confidence, repeats - 1)).toBeNull()
  })
})
