import { describe, expect, it } from 'vitest'
import { populationStability } from '../../../src/statistics/psi.ts'
import { psiBounds } from '../../../src/statistics/psi-interval.ts'

describe('psiBounds', () => {
  it('lies around the corrected index and narrows with the sample', () => {
    const small = populationStability([140, 60, 100], [10_000, 10_000, 10_000])
    const large = populationStability([14_000, 6_000, 10_000], [1_000_000, 1_000_000, 1_000_000])
    const wide = psiBounds(small, 0.99)
    const narrow = psiBounds(large, 0.99)
    expect(wide.lower).toBeLessThan(narrow.lower)
    expect(narrow.lower).toBeLessThan(large.corrected)
    expect(large.corrected).toBeLessThan(narrow.upper)
    expect(narrow.upper).toBeLessThan(wide.upper)
  })

  it('reaches down to 0 where nothing is to be seen', () => {
    expect(psiBounds(populationStability([100, 101], [1000, 1000]), 0.99).lower).toBe(0)
    expect(psiBounds(populationStability([], []), 0.99)).toEqual({ lower: 0, upper: 0 })
  })

  it('widens with the confidence', () => {
    const stability = populationStability([300, 100], [5000, 5000])
    const loose = psiBounds(stability, 0.9)
    const strict = psiBounds(stability, 0.999)
    expect(strict.lower).toBeLessThan(loose.lower)
    expect(strict.upper).toBeGreaterThan(loose.upper)
  })

  it('is modest where one rare cell carries the change', () => {
    // 3 % where the reference has 0.05 %: the noncentral law alone would be surer than it may be.
    const stability = populationStability([4850, 150], [4997, 3])
    const sigmas = (stability.corrected - psiBounds(stability, 0.99).lower) / stability.standardError
    expect(sigmas).toBeGreaterThanOrEqual(2.326)
  })
})
