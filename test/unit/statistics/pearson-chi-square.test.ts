import { describe, expect, it } from 'vitest'
import { chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import { neymanBasis, neymanSums, neymanTest } from '../../../src/statistics/neyman-basis.ts'
import { pearsonChiSquare } from '../../../src/statistics/pearson-chi-square.ts'
import { goldenCounts, relativeError } from '../../support/golden-statistics.ts'

describe('pearsonChiSquare', () => {
  it('agrees with scipy on the pooled cells', () => {
    for (const row of goldenCounts('pearson')) {
      const actual = pearsonChiSquare(row.window, row.reference)
      expect(actual.degreesOfFreedom).toBe(row.degreesOfFreedom)
      expect(relativeError(actual.chiSquare, row.chiSquare!)).toBeLessThan(1e-11)
      // scipy's is the plain law.
      expect(
        relativeError(chiSquareSurvival(actual.chiSquare, actual.degreesOfFreedom), row.pValue!),
      ).toBeLessThan(1e-9)
      expect(actual.pValue).toBeGreaterThanOrEqual(0.799 * row.pValue!)
    }
  })

  it('has the tail of all orthonormal scores of its cells', () => {
    // On three cells Neyman's two components are all there are; the reference is far larger than the window.
    const reference = [600_000, 300_000, 100_000]
    const window = [96, 62, 42]
    const basis = neymanBasis(reference)
    const smooth = neymanTest(basis, neymanSums(basis, window), 200)
    const { chiSquare, pValue } = pearsonChiSquare(window, reference)
    expect(chiSquare / smooth.statistic).toBeCloseTo(1, 2)
    expect(Math.abs(Math.log(pValue / smooth.pValue))).toBeLessThan(0.02)
    expect(pValue / chiSquareSurvival(chiSquare, 2)).toBeGreaterThan(1.1)
  })

  it('has the value of a published table', () => {
    // Fisher, Statistical Methods for Research Workers, § 21: twins of convicts, 10 and 2 against 3 and 15.
    expect(pearsonChiSquare([10, 2], [3, 15]).chiSquare).toBeCloseTo(13.032, 3)
  })

  it.each([
    ['no window', [0, 0], [50, 50]],
    ['no reference', [50, 50], [0, 0]],
    ['one cell', [50], [50]],
    ['cells that pool into one', [1, 2], [3, 2]],
  ])('says nothing of %s', (_, window, reference) => {
    expect(pearsonChiSquare(window, reference)).toEqual({ chiSquare: 0, degreesOfFreedom: 0, pValue: 1 })
  })
})
