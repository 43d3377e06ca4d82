import { describe, expect, it } from 'vitest'
import { chiSquareCdf } from '../../../src/statistics/chi-square.ts'
import { noncentralChiSquareCdf } from '../../../src/statistics/noncentral-chi-square.ts'
import { noncentralityAt } from '../../../src/statistics/noncentrality.ts'
import { goldenRows } from '../../support/golden-statistics.ts'

describe('noncentralChiSquareCdf', () => {
  it('agrees with scipy from a noncentrality of 0.1 to 1e7', () => {
    for (const { x, degreesOfFreedom, noncentrality, cdf } of goldenRows('noncentralChiSquare')) {
      const error = Math.abs(noncentralChiSquareCdf(x!, degreesOfFreedom!, noncentrality!) - cdf!)
      const where = `${x}; ${degreesOfFreedom}, ${noncentrality}`
      expect(error, where).toBeLessThan(noncentrality! <= 10_000 ? 1e-11 : 1e-6)
    }
  })

  it('is the central distribution at noncentrality 0, and 0 at 0', () => {
    expect(noncentralChiSquareCdf(7, 4, 0)).toBe(chiSquareCdf(7, 4))
    expect(noncentralChiSquareCdf(0, 4, 3)).toBe(0)
    expect(noncentralChiSquareCdf(5e-324, 1, 2)).toBe(0)
  })
})

describe('noncentralityAt', () => {
  it('agrees with the root scipy finds', () => {
    for (const { statistic, degreesOfFreedom, probability, noncentrality } of goldenRows('noncentrality')) {
      const actual = noncentralityAt(statistic!, degreesOfFreedom!, probability!)
      const where = `${statistic}; ${degreesOfFreedom}, ${probability}`
      expect(Math.abs(actual - noncentrality!), where).toBeLessThan(1e-6 * Math.max(1, noncentrality!))
    }
  })
})
