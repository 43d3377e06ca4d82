import { describe, expect, it } from 'vitest'
import {
  noncentralityNeeded,
  sampleForScale,
  smallestPsi,
  smallestRise,
  standardErrorsNeeded,
} from '../../../src/detectors/power.ts'
import { chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import { chiSquareUpperQuantile } from '../../../src/statistics/chi-square-quantile.ts'
import { noncentralChiSquareCdf } from '../../../src/statistics/noncentral-chi-square.ts'

describe('power', () => {
  it('finds the noncentrality that a level needs', () => {
    for (const alpha of [0.05, 1e-3, 5.8e-7, 1e-12]) {
      const critical = chiSquareUpperQuantile(alpha, 4)
      expect(chiSquareSurvival(critical, 4) / alpha).toBeCloseTo(1, 9)
      expect(noncentralChiSquareCdf(critical, 4, noncentralityNeeded(alpha))).toBeCloseTo(0.2, 6)
    }
    expect(noncentralityNeeded(0)).toBe(Number.POSITIVE_INFINITY)
  })

  it('needs 3.92 + 0.84 standard errors at 1e-4 or so', () => {
    // scipy 1.17.1: norm.isf(0.00005) + norm.ppf(0.8) = 3.890592 + 0.841621.
    expect(standardErrorsNeeded(1e-4)).toBeCloseTo(4.732213, 5)
  })

  it('sees less in more values, and never less than the reference lets it', () => {
    expect(smallestPsi(1e-6, 2_000, 1e9)).toBeCloseTo(smallestPsi(1e-6, 1_000, 1e9) / 2, 6)
    const m = 10_000
    expect(smallestPsi(1e-6, 1e12, m)).toBeCloseTo(noncentralityNeeded(1e-6) / m, 9)
    expect(sampleForScale(1 / 400, m)).toBe(417)
    expect(sampleForScale(1 / 20_000, m)).toBe(Number.POSITIVE_INFINITY)
  })

  it('tells the rise of a rate that the normal law finds', () => {
    // Standard errors at the middle of 0.1 and 0.1325: 0.0325 / sqrt(0.1163 × 0.8837 / 2200) = 4.75.
    expect(smallestRise(1e-4, 2_200, 1e12, 0.1)).toBeCloseTo(0.0323, 3)
    expect(smallestRise(1e-4, 0, 1e12, 0.1)).toBe(Number.POSITIVE_INFINITY)
    expect(smallestRise(0, 100, 100, 0.1)).toBe(Number.POSITIVE_INFINITY)
  })
})
