import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isotonic } from '../../../src/statistics/isotonic.ts'

describe('isotonic', () => {
  it('pools neighbours that fall', () => {
    expect([...isotonic([1, 3, 2, 4], [1, 1, 1, 1])]).toEqual([1, 2.5, 2.5, 4])
    expect([...isotonic([4, 3, 2, 1], [1, 1, 1, 3])]).toEqual([2, 2, 2, 2])
  })

  it('gives places without weight what lies between their neighbours', () => {
    expect([...isotonic([9, 1, 9, 9, 3, 9], [0, 1, 0, 0, 1, 0])]).toEqual([1, 1, 2, 2, 3, 3])
    expect([...isotonic([1, 2], [0, 0])]).toEqual([Number.NaN, Number.NaN])
    expect([...isotonic([], [])]).toEqual([])
  })

  it('rises, keeps the weighted mean, and leaves alone what already rises', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(points, (pairs) => {
        const values = pairs.map(([value]) => value)
        const weights = pairs.map(([, weight]) => weight)
        const fitted = isotonic(values, weights)
        for (let at = 1; at < fitted.length; at++) expect(fitted[at]).toBeGreaterThanOrEqual(fitted[at - 1]!)
        const sum = (of: ArrayLike<number>) => weights.reduce((all, weight, at) => all + weight * of[at]!, 0)
        expect(sum(fitted)).toBeCloseTo(sum(values), 6)
        const rising = values.toSorted((a, b) => a - b)
        expect([...isotonic(rising, weights)]).toEqual(rising.map((value) => expect.closeTo(value, 9)))
      }),
    )
  })
})
