import { describe, expect, it } from 'vitest'
import { dispersionOfMeans } from '../../../src/statistics/dispersion-of-means.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'

describe('dispersionOfMeans', () => {
  it('is the chi-squared statistic of unequal means over its degrees of freedom', () => {
    // Common mean (10 + 30 x 2) / 40 = 1.75: (10 x 0.75² + 30 x 0.25²) / 0.5 = 15 on one degree of freedom.
    const dispersion = dispersionOfMeans([[1], [2]], [10, 30], 0.5)!
    expect(dispersion.ratio).toBeCloseTo(15, 12)
    expect(dispersion.groups).toBe(2)
    // P(chi-squared with 1 degree > 15) = 2 (1 - Phi(sqrt 15)).
    expect(dispersion.pValue).toBeCloseTo(1.0751e-4, 7)
  })

  it('is about 1 for groups of one law, and grows with what moves them together', () => {
    const random = createRandom('groups')
    const normal = () => normalQuantile(random() + 2 ** -33)
    const groups = (shared: number) =>
      Array.from({ length: 400 }, () => [normal() / 10 + shared * normal(), normal() / 10])
    const counts = Array.from({ length: 400 }, () => 100)
    expect(dispersionOfMeans(groups(0), counts, 1)!.ratio).toBeCloseTo(1, 0)
    // One of two components has variance 1/100 + 0.04 in place of 1/100.
    expect(dispersionOfMeans(groups(0.2), counts, 1)!.ratio).toBeCloseTo(3, 0)
  })

  it('is none of a single group, and none without components', () => {
    expect(dispersionOfMeans([[1]], [10], 1)).toBeNull()
    expect(dispersionOfMeans([[], []], [10, 10], 1)).toBeNull()
  })
})
