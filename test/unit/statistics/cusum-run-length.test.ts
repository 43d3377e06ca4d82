import { describe, expect, it } from 'vitest'
import {
  cusumRunLength,
  cusumThreshold,
  siegmundRunLength,
} from '../../../src/statistics/cusum-run-length.ts'

describe('cusumRunLength', () => {
  // Two-sided run lengths as published for slack 0.5 (SigmaXL): 465 and 168; shifted, one side is enough.
  it.each([
    [0.5, 5, 465],
    [0.5, 4, 168],
  ])('slack %d, threshold %d: one alarm in %i', (slack, threshold, published) => {
    expect(Math.abs(cusumRunLength(slack, threshold) / 2 - published)).toBeLessThan(0.6)
  })

  it('knows how long a shift of twice the slack goes unseen', () => {
    expect(cusumRunLength(0.5, 6.524, 1)).toBeCloseTo(13.4, 1)
    expect(cusumRunLength(0.5, 9.516, 1)).toBeCloseTo(19.4, 1)
  })

  it.each([
    [0.5, 4],
    [0.25, 8],
    [0.25, 12],
  ])("agrees with Siegmund's approximation: slack %d, threshold %d", (slack, threshold) => {
    for (const shift of [0, slack, 2 * slack]) {
      const ratio = siegmundRunLength(slack, threshold, shift) / cusumRunLength(slack, threshold, shift)
      expect(Math.abs(ratio - 1)).toBeLessThan(0.04)
    }
  })
})

describe('cusumThreshold', () => {
  it.each([
    [0.5, 370, 4.775],
    [0.5, 500, 5.071],
    [0.5, 2160, 6.524],
    [0.5, 43_200, 9.516],
    [0.25, 370, 8.011],
    [0.25, 500, 8.585],
    [0.25, 2160, 11.448],
    [0.25, 43_200, 17.417],
  ])('slack %d, once in %d values: %d', (slack, runLength, threshold) => {
    expect(Math.abs(cusumThreshold(slack, runLength) - threshold)).toBeLessThan(0.005)
  })
})
