import { describe, expect, it } from 'vitest'
import { addLoss, lossDigits, lossTotal } from '../../../src/sketches/loss-sum.ts'

describe('addLoss', () => {
  it('rounds each loss by at most 2^-41', () => {
    const limbs = new Float64Array(2)
    addLoss(limbs, 0, 1 / 3)
    expect(Math.abs(lossTotal(limbs, 0) - 1 / 3)).toBeLessThanOrEqual(2 ** -41)
  })

  it('carries, and gives the digits that a total from elsewhere has', () => {
    const limbs = new Float64Array(4)
    for (let i = 0; i < 10_000; i++) addLoss(limbs, 1, 34.5)
    expect(lossTotal(limbs, 1)).toBe(345_000)
    expect([...limbs]).toEqual([0, 0, ...lossDigits(345_000)])
    expect(limbs[3]).toBe(84)
  })

  it('is 0 where nothing was counted', () => {
    expect(lossTotal(new Float64Array(0), 3)).toBe(0)
  })
})
