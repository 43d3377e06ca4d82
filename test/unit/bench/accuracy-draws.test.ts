import { describe, expect, it } from 'vitest'
import { multinomial } from '../../../bench/accuracy/draws/multinomial.ts'
import { NULL_WORLD_NAMES, NULL_WORLDS } from '../../../bench/accuracy/draws/null-worlds.ts'
import { mergeTallies, rateOver } from '../../../bench/accuracy/null-rates/rate-over.ts'
import { exactKsSurvival, exactKsThreshold, ksDistance } from '../../../bench/accuracy/power/exact-ks.ts'
import { chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import { total } from '../../../src/statistics/count-totals.ts'
import { createRandom } from '../../../src/statistics/random.ts'

describe('multinomial', () => {
  it('draws cells by their masses, and no cell without any', () => {
    const masses = [5, 0, 1, 30, 0.5, 13.5, 0]
    const counts = new Uint32Array(masses.length)
    const n = 200_000
    multinomial(masses).draw(createRandom('multinomial'), n, counts)
    expect([counts[1], counts[6]]).toEqual([0, 0])
    const expected = masses.map((mass) => (mass * n) / 50)
    const chiSquare = expected.reduce(
      (sum, mean, cell) => sum + (mean === 0 ? 0 : (counts[cell]! - mean) ** 2 / mean),
      0,
    )
    expect(chiSquareSurvival(chiSquare, 4)).toBeGreaterThan(1e-4)
  })

  // Drawn by Poisson counts first, and one by one: means and variances of every cell, and the sum, must agree.
  it('has the law of independent draws where they are many', () => {
    const masses = [0.4, 0.2, 0.1, 0.25, 0.001, 0.049]
    const law = multinomial(masses)
    const random = createRandom('many')
    const rounds = 20_000
    const n = 400
    const sums = masses.map(() => 0)
    const squares = masses.map(() => 0)
    for (let round = 0; round < rounds; round++) {
      const counts = new Uint32Array(masses.length)
      law.draw(random, n, counts)
      expect(total(counts) === n).toBe(true)
      for (const [cell, count] of counts.entries()) {
        sums[cell]! += count
        squares[cell]! += (count - n * masses[cell]!) ** 2
      }
    }
    for (const [cell, mass] of masses.entries()) {
      const variance = n * mass * (1 - mass)
      expect(Math.abs(sums[cell]! / rounds - n * mass)).toBeLessThan(4.5 * Math.sqrt(variance / rounds))
      // The variance of a square is at most 2 variance² and its fourth cumulant.
      const error = Math.sqrt((2 * variance ** 2 + variance) / rounds)
      expect(Math.abs(squares[cell]! / rounds - variance)).toBeLessThan(4.5 * error)
    }
  })
})

describe('NULL_WORLDS', () => {
  it.each(NULL_WORLD_NAMES)('%s: counts of the reference agree with the masses of its cells', (name) => {
    const m = 20_000
    const { counts, masses } = NULL_WORLDS[name].reference(createRandom(name), m)
    expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 12)
    expect(total(counts)).toBe(m)
    // Cells cut from the sample lie nearer to it than a fixed grid would, never farther than 5 deviations.
    for (const [cell, mass] of masses.entries()) {
      expect(Math.abs(counts[cell]! - m * mass)).toBeLessThan(5 * Math.sqrt(m * mass) + 8)
    }
  })
})

describe('exact Kolmogorov–Smirnov', () => {
  // scipy 1.17.1 stats.ks_2samp(method='exact'): D = 0.6 of 5 and 5 values; D = 1 of 2 and 4 is 2 in 15.
  it('agrees with scipy', () => {
    expect(exactKsSurvival(5, 5, 3)).toBeCloseTo(0.357_142_857_142_857, 12)
    expect(exactKsSurvival(2, 4, 4)).toBeCloseTo(2 / 15, 12)
  })

  it('has a threshold near that of the limit law, and only for sizes it can count', () => {
    const limit = 1.9495 * Math.sqrt(1 / 500 + 1 / 10_000)
    expect(exactKsThreshold(500, 10_000, 0.001) / limit).toBeCloseTo(1, 1)
    expect(exactKsThreshold(500, 10_000, 0.001)).toBeLessThan(limit)
    expect(() => exactKsThreshold(3, 10, 0.001)).toThrow('got 3 and 10')
  })

  it('measures the distance of samples, ties included', () => {
    const distance = (window: number[], reference: number[]) =>
      ksDistance(Float64Array.from(window), Float64Array.from(reference))
    expect(distance([1, 2, 3], [1, 2, 3])).toBe(0)
    expect(distance([4, 5], [1, 2, 3])).toBe(1)
    expect(distance([1, 1, 1, 4], [1, 2, 3, 4])).toBe(0.5)
    expect(distance([0, 3, 3], [3, 3])).toBeCloseTo(1 / 3, 12)
  })
})

describe('rateOver', () => {
  it('takes windows of one reference as one draw', () => {
    const tally = (hits: number, windows: number) => ({
      n: 200,
      test: 'joint',
      windows,
      hits: [hits],
      squares: [hits * hits],
    })
    // Ten references of 100 windows: one where all alarm, nine where none does.
    const merged = mergeTallies([tally(100, 100), ...Array.from({ length: 9 }, () => tally(0, 100))])
    expect(merged).toHaveLength(1)
    const { ratio, standardError } = rateOver(merged[0]!, 0, 0.05, 10)
    expect(ratio).toBeCloseTo(2, 12)
    // The error of a mean of ten zeros and ones is sqrt(0.1 * 0.9 / 10).
    expect(standardError).toBeCloseTo(Math.sqrt(0.009) / 0.05, 12)
  })
})
