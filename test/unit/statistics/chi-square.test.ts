import { describe, expect, it } from 'vitest'
import { chiSquareCdf, chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

describe('chiSquareSurvival', () => {
  it('agrees with scipy down to 1e-30', () => {
    for (const { x, degreesOfFreedom, survival } of goldenRows('chiSquare')) {
      const actual = chiSquareSurvival(x!, degreesOfFreedom!)
      const tolerance = degreesOfFreedom! <= 200 ? 1e-12 : 1e-9
      expect(relativeError(actual, survival!), `${x} with ${degreesOfFreedom}`).toBeLessThan(tolerance)
    }
  })

  it('has the published 5 % and 0.1 % points', () => {
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4.
    expect(chiSquareSurvival(3.841, 1)).toBeCloseTo(0.05, 4)
    expect(chiSquareSurvival(18.307, 10)).toBeCloseTo(0.05, 4)
    expect(chiSquareSurvival(29.588, 10)).toBeCloseTo(0.001, 6)
  })

  it('and the distribution function make one', () => {
    for (const x of [0, 0.5, 3, 9, 40])
      expect(chiSquareSurvival(x, 4) + chiSquareCdf(x, 4)).toBeCloseTo(1, 14)
  })
})
