import { describe, expect, it } from 'vitest'
import { pearsonChiSquare } from '../../../src/statistics/pearson-chi-square.ts'
import { populationStability } from '../../../src/statistics/psi.ts'
import { goldenCounts, relativeError } from '../../support/golden-statistics.ts'

describe('populationStability', () => {
  it('agrees with numpy and scipy, cells empty in one or both samples included', () => {
    for (const row of goldenCounts('psi')) {
      const actual = populationStability(row.window, row.reference)
      expect(relativeError(actual.psi, row.psi!)).toBeLessThan(1e-12)
      expect(actual.pValue).toBe(pearsonChiSquare(row.window, row.reference).pValue)
      expect(relativeError(actual.corrected, row.corrected!)).toBeLessThan(1e-12)
      // The golden slopes are central differences.
      expect(relativeError(actual.standardError, row.standardError!)).toBeLessThan(1e-6)
    }
  })

  it('is a difference of proportions, not of sizes', () => {
    const { psi, pValue } = populationStability([1000, 2000, 3000], [100_000, 200_000, 300_000])
    expect(psi).toBeLessThan(1e-6)
    expect(pValue).toBeGreaterThan(0.999)
  })

  it('leaves out cells that are empty in both samples', () => {
    const compact = populationStability([60, 40], [500, 500])
    expect(populationStability([60, 0, 40, 0], [500, 0, 500, 0])).toEqual(compact)
    expect(compact.cells).toBe(2)
  })

  it.each([
    ['no window', [0, 0], [5, 5]],
    ['no reference', [5, 5], [0, 0]],
    ['one cell', [5], [9]],
    ['no cell', [], []],
  ])('says nothing of %s', (_, window, reference) => {
    expect(populationStability(window, reference)).toMatchObject({ psi: 0, pValue: 1, statistic: 0 })
  })

  it('refuses samples counted on different cells', () => {
    expect(() => populationStability([1, 2], [1, 2, 3])).toThrow('got 2 and 3 cells')
  })
})
