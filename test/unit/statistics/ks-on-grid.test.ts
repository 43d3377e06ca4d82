import { describe, expect, it } from 'vitest'
import { dkwMargin, kolmogorovSurvival, ksDistance, ksOnGrid } from '../../../src/statistics/ks-on-grid.ts'
import { goldenCounts, goldenRows, relativeError } from '../../support/golden-statistics.ts'

describe('ksOnGrid', () => {
  it('has the distance scipy finds on the bin numbers', () => {
    for (const row of goldenCounts('ks')) {
      expect(relativeError(ksOnGrid(row.window, row.reference).distance, row.distance!)).toBeLessThan(1e-12)
    }
  })

  it('has the distance that is asked for alone', () => {
    for (const row of goldenCounts('ks')) {
      const { distance, n, m } = ksOnGrid(row.window, row.reference)
      expect(ksDistance(row.window, row.reference, n, m)).toBe(distance)
    }
    expect(ksDistance([0, 0], [3, 4], 0, 7)).toBe(0)
  })

  it('certifies what the bins may hide, and nothing for atoms', () => {
    const window = [10, 80, 10]
    const reference = [30, 40, 30]
    expect(ksOnGrid(window, reference).distance).toBeCloseTo(0.2, 12)
    expect(ksOnGrid(window, reference).distanceMax).toBeCloseTo(0.6, 12)
    expect(ksOnGrid(window, reference, (bin) => bin === 1).distanceMax).toBeCloseTo(0.3, 12)
  })

  it('corrects the p-value on even grids only', () => {
    const even = new Array<number>(100).fill(100)
    const window = even.map((count, bin) => (bin < 50 ? count * 1.06 : count * 0.94) / 10)
    const { distance, pValue, n, m } = ksOnGrid(window, even)
    const lambda = distance * Math.sqrt((n * m) / (n + m))
    expect(pValue).toBeCloseTo(kolmogorovSurvival(lambda + 0.5826 / 10), 12)

    const uneven = [8000, 1000, 1000]
    const other = ksOnGrid([750, 130, 120], uneven)
    expect(other.pValue).toBe(kolmogorovSurvival(other.distance * Math.sqrt(1e7 / 11_000)))
  })

  it('says nothing of an empty sample', () => {
    expect(ksOnGrid([0, 0], [4, 4])).toEqual({ distance: 0, distanceMax: 1, pValue: 1, n: 0, m: 8 })
  })
})

describe('kolmogorovSurvival', () => {
  it('agrees with scipy on both sides of the change of series', () => {
    for (const row of goldenRows('kolmogorov')) {
      const actual = kolmogorovSurvival(row.lambda!)
      expect(relativeError(actual, row.survival!), `λ ${row.lambda}`).toBeLessThan(1e-12)
    }
  })

  it('has the published critical values', () => {
    // Smirnov, Annals of Mathematical Statistics 19 (1948): 1.36 at 5 %, 1.63 at 1 %.
    expect(kolmogorovSurvival(1.36)).toBeCloseTo(0.0495, 3)
    expect(kolmogorovSurvival(1.63)).toBeCloseTo(0.0098, 3)
    expect(kolmogorovSurvival(0)).toBe(1)
  })
})

describe('dkwMargin', () => {
  it('is half of the error to each sample', () => {
    expect(dkwMargin(1000, 1000, 0.99)).toBeCloseTo(2 * Math.sqrt(Math.log(400) / 2000), 12)
    expect(dkwMargin(1000, Infinity, 0.99)).toBeCloseTo(Math.sqrt(Math.log(400) / 2000), 12)
  })
})
