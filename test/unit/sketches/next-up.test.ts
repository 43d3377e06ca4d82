import { describe, expect, it } from 'vitest'
import { nextUp } from '../../../src/sketches/next-up.ts'

describe('nextUp', () => {
  it.each([
    [1, 1 + Number.EPSILON],
    [-1, -1 + Number.EPSILON / 2],
    [0, Number.MIN_VALUE],
    [-0, Number.MIN_VALUE],
    [-Number.MIN_VALUE, -0],
    [Number.MAX_VALUE, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, -Number.MAX_VALUE],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
    [2 ** 53, 2 ** 53 + 2],
  ])('of %d is %d', (x, next) => {
    expect(nextUp(x)).toBe(next)
  })
})
