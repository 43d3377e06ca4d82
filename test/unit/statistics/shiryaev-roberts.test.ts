import { describe, expect, it } from 'vitest'
import {
  advanceShiryaevRoberts,
  createShiryaevRoberts,
  logMixture,
} from '../../../src/statistics/shiryaev-roberts.ts'

describe('Shiryaev–Roberts', () => {
  it('is the sum over all beginnings of the products since, averaged over components', () => {
    const factors = [
      [0.5, 2],
      [3, 0.7],
      [1.5, 1.1],
    ]
    const state = createShiryaevRoberts(2)
    expect(logMixture(state)).toBe(-Infinity)
    for (const step of factors) advanceShiryaevRoberts(state, Float64Array.from(step, Math.log), 1)
    const byHand = [0, 1].map((j) => {
      const [a, b, c] = factors.map((step) => step[j]!)
      return a! * b! * c! + b! * c! + c!
    })
    expect(logMixture(state)).toBeCloseTo(Math.log((byHand[0]! + byHand[1]!) / 2), 12)
  })

  it('gives every value of a step its chance to begin', () => {
    const state = createShiryaevRoberts(1)
    advanceShiryaevRoberts(state, Float64Array.of(Math.log(2)), 5)
    advanceShiryaevRoberts(state, Float64Array.of(Math.log(3)), 2)
    expect(logMixture(state)).toBeCloseTo(Math.log((5 * 2 + 2) * 3), 12)
  })

  it('does not overflow, and comes back', () => {
    const state = createShiryaevRoberts(2)
    advanceShiryaevRoberts(state, Float64Array.of(5000, -5000), 1)
    expect(logMixture(state)).toBeCloseTo(5000 - Math.log(2), 9)
    advanceShiryaevRoberts(state, Float64Array.of(-9000, 0), 1)
    expect(logMixture(state)).toBeCloseTo(Math.log(0.5), 9)
  })

  it('refuses e-values of other components', () => {
    expect(() => advanceShiryaevRoberts(createShiryaevRoberts(2), Float64Array.of(0), 1)).toThrow(
      'one a component',
    )
  })
})
