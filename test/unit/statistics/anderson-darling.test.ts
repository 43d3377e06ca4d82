import { describe, expect, it } from 'vitest'
import {
  andersonDarling,
  andersonDarlingPValue,
  andersonDarlingStatistic,
} from '../../../src/statistics/anderson-darling.ts'
import { andersonDarlingNull } from '../../../src/statistics/anderson-darling-null.ts'
import { normalTwoSided } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { goldenCounts } from '../../support/golden-statistics.ts'

const even = (cells: number, count: number) => new Array<number>(cells).fill(count)

describe('andersonDarling', () => {
  it('has the limit law of a continuous distribution on a fine grid', () => {
    // Marsaglia and Marsaglia, Journal of Statistical Software 9 (2004): quantiles of the limit law.
    const { survival } = andersonDarling(even(5000, 100))
    expect(survival(0.2)).toBeCloseTo(0.9904, 3)
    expect(survival(0.7742)).toBeCloseTo(0.5, 2)
    expect(survival(1.933)).toBeCloseTo(0.1, 3)
    expect(survival(2.4924)).toBeCloseTo(0.05, 4)
    expect(survival(3.8781)).toBeCloseTo(0.01, 5)
  })

  it('agrees with scipy on raw values wherever scipy has a p-value', () => {
    let compared = 0
    for (const row of goldenCounts('andersonDarling')) {
      // scipy's table ends at 0.001 and 0.25.
      if (row.pValue! <= 0.001 || row.pValue! >= 0.25) continue
      compared++
      const n = row.window.reduce((sum, count) => sum + count, 0)
      const test = andersonDarling(row.reference)
      const p = andersonDarlingPValue(test, andersonDarlingStatistic(test, row.window, n), n)!
      expect(Math.abs(Math.log(p / row.pValue!))).toBeLessThan(0.2)
    }
    expect(compared).toBeGreaterThan(1)
  })

  it('is a plain z test of two cells', () => {
    const test = andersonDarling([3000, 7000])
    const statistic = andersonDarlingStatistic(test, [340, 660], 1000)
    const z = 0.04 / Math.sqrt(0.3 * 0.7 * (1 / 1000 + 1 / 10_000))
    expect(test.survival(statistic)).toBeCloseTo(normalTwoSided(z), 6)
    // Neyman's test has said it already.
    expect(andersonDarlingPValue(test, statistic, 1000)).toBeNull()
  })

  it('is silent where a window hangs on cells too rare for it', () => {
    const test = andersonDarling([99_970, 20, 10])
    expect(andersonDarlingPValue(test, 3, 1000)).toBeNull()
    const beside = andersonDarling([60_000, 39_990, 10])
    // The rare cell has next to no weight beside the other edge.
    expect(beside.edgeWeights[1]! * 1e-4).toBeLessThan(0.001 * beside.edgeWeights[0]!)
    expect(andersonDarlingPValue(beside, 3, 1000)).not.toBeNull()
  })

  it('takes cells that the reference left empty together with the next one in use', () => {
    const gaps = andersonDarling([0, 500, 0, 0, 500, 0])
    const tight = andersonDarling([500, 500])
    expect(andersonDarlingStatistic(gaps, [0, 60, 10, 0, 30, 0], 100)).toBeCloseTo(
      andersonDarlingStatistic(tight, [60, 40], 100),
      10,
    )
    expect(gaps.survival(2)).toBe(tight.survival(2))
  })

  it.each([
    ['no cell', []],
    ['one cell', [40]],
    ['no values', [0, 0]],
  ])('finds nothing in a reference of %s', (_, reference) => {
    const test = andersonDarling(reference)
    expect(andersonDarlingStatistic(test, reference, 0)).toBe(0)
    expect(test.survival(5)).toBe(1)
  })
})

describe('andersonDarlingNull', () => {
  it('has a law where a few cells hold nearly everything and the rest is rounding', () => {
    const counts = [7, 1_578_509, 9, 1, 10, 3, 1, 3, 19, 752_540, 4, 2, 47_162, 42]
    const { survival } = andersonDarling(counts)
    for (const x of [0.01, 0.5, 4, 50]) {
      expect(survival(x)).toBeGreaterThan(0)
      expect(survival(x)).toBeLessThan(1)
    }
  })

  it('agrees with simulated bridges on an uneven grid with an atom', () => {
    const gaps = [0.05, 0.1, 0.4, 0.2, 0.15, 0.1]
    const weights = [1, 3, 2, 1, 4]
    const { survival } = andersonDarlingNull(gaps, weights)
    const random = createRandom('bridges')
    const draws = 40_000
    const limits = [0.8, 2, 4]
    const above = limits.map(() => 0)
    for (let draw = 0; draw < draws; draw++) {
      const steps = gaps.map(
        (gap) => Math.sqrt(gap) * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
      )
      const end = steps.reduce((sum, step) => sum + step, 0)
      let walk = 0
      let share = 0
      let statistic = 0
      for (const [edge, weight] of weights.entries()) {
        walk += steps[edge]!
        share += gaps[edge]!
        statistic += weight * (walk - share * end) ** 2
      }
      for (const [i, limit] of limits.entries()) if (statistic > limit) above[i]!++
    }
    for (const [i, limit] of limits.entries()) {
      const p = survival(limit)
      expect(Math.abs(above[i]! / draws - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / draws))
    }
  })
})
