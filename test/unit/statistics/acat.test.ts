import { describe, expect, it } from 'vitest'
import { acat } from '../../../src/statistics/acat.ts'

describe('acat', () => {
  it('leaves one p-value as it is, and equal ones', () => {
    for (const p of [1e-12, 1e-4, 0.05, 0.5, 0.9]) {
      expect(acat([p])).toBeCloseTo(p, 12)
      expect(acat([p, p, p]) / p).toBeCloseTo(1, 9)
    }
  })

  it('is near the smallest times the number of tests, in the tail', () => {
    expect(acat([1e-8, 0.4, 0.6]) / 3e-8).toBeCloseTo(1, 6)
  })

  it('takes p-values into [1e-15, 0.99]', () => {
    expect(acat([0]) / 1e-15).toBeCloseTo(1, 9)
    expect(acat([1])).toBeCloseTo(0.99, 12)
    expect(acat([])).toBe(1)
    expect(acat([Number.NaN, 0.5])).toBeNaN()
  })
})
