import { describe, expect, it } from 'vitest'
import { ksNull } from '../../../src/statistics/ks-null.ts'
import { kolmogorovSurvival, ksLowerBound, ksOnGrid } from '../../../src/statistics/ks-on-grid.ts'
import { lookAlpha } from '../../../src/statistics/look-alpha.ts'
import { normalTwoSided } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'

describe('ksNull', () => {
  it('is the normal law of two cells', () => {
    const survival = ksNull([300, 700], { random: createRandom('two'), draws: 20_000 })
    for (const lambda of [0.2, 0.5, 0.9]) {
      const p = normalTwoSided(lambda / Math.sqrt(0.21))
      expect(Math.abs(survival(lambda) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 20_000))
    }
  })

  it('nears the corrected law of an even grid and lies below Kolmogorov', () => {
    const survival = ksNull(new Array<number>(50).fill(10), { random: createRandom('even'), draws: 20_000 })
    for (const lambda of [0.8, 1.2, 1.5]) {
      const p = kolmogorovSurvival(lambda + 0.5826 / Math.sqrt(50))
      expect(Math.abs(survival(lambda) - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 20_000))
      expect(survival(lambda)).toBeLessThan(kolmogorovSurvival(lambda))
    }
  })

  it('goes on past its draws, never rising', () => {
    const survival = ksNull([10, 400, 30, 30], { random: createRandom('tail'), draws: 5000 })
    let last = 1
    for (let lambda = 0; lambda < 6; lambda += 0.01) {
      const p = survival(lambda)
      expect(p).toBeLessThanOrEqual(last)
      last = p
    }
    expect(last).toBeGreaterThan(0)
    expect(last).toBeLessThan(1e-25)
  })

  it('has nothing to say of a single cell', () => {
    expect(ksNull([0, 9, 0], { random: createRandom('one'), draws: 100 })(0.5)).toBe(0)
    expect(ksNull([], { random: createRandom('none'), draws: 100 })(0)).toBe(1)
  })

  it('takes the place of the law that does not know the grid', () => {
    const { distance } = ksOnGrid([100, 900], [3000, 7000])
    const lambda = distance * Math.sqrt(1e7 / 11_000)
    expect(ksOnGrid([100, 900], [3000, 7000]).pValue).toBe(kolmogorovSurvival(lambda))
    expect(
      ksOnGrid(
        [100, 900],
        [3000, 7000],
        () => false,
        (at) => at / 100,
      ).pValue,
    ).toBe(lambda / 100)
  })
})

describe('ksLowerBound', () => {
  it('leaves less of the distance the surer it must be', () => {
    const ks = ksOnGrid([700, 300], [5000, 5000])
    expect(ksLowerBound(ks, 0.01)).toBeCloseTo(
      0.2 - Math.sqrt(Math.log(400) / 2000) - Math.sqrt(Math.log(400) / 20_000),
      12,
    )
    expect(ksLowerBound(ks, 1e-12)).toBeLessThan(ksLowerBound(ks, 1e-6))
    expect(ksLowerBound(ksOnGrid([1, 1], [9, 9]), 0.01)).toBe(0)
    expect(ksLowerBound(ksOnGrid([0, 0], [9, 9]), 0.01)).toBe(0)
  })

  it('is spent over looks so that all together stay below alpha', () => {
    let spent = 0
    for (let look = 1; look <= 100_000; look++) spent += lookAlpha(0.05, look)
    expect(spent).toBeLessThan(0.05)
    expect(spent).toBeGreaterThan(0.0499)
  })
})
