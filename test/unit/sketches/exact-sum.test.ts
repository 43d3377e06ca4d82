import { describe, expect, it } from 'vitest'
import {
  addExact,
  EXACT_SUM,
  exactTotal,
  exactUnits,
  squaresAboutMean,
} from '../../../src/sketches/exact-sum.ts'

function summed(...values: number[]): Float64Array {
  const limbs = new Float64Array(EXACT_SUM.width)
  for (const value of values) addExact(limbs, 0, value)
  return limbs
}

describe('addExact', () => {
  it('forgets nothing where doubles do', () => {
    // As doubles, 2^53 + 1 is 2^53.
    const limbs = summed(2 ** 53, 1, 1)
    expect(exactTotal(limbs, 0)).toBe(2 ** 53 + 2)
    expect(summed(1, 2 ** 53, 1)).toEqual(limbs)
  })

  it.each([0, 1, 0.1, 1 / 3, 2 ** 32 - 1, 2 ** 32, 1e-100, 1.7e145, 2 ** -400])('gives %d back', (value) => {
    expect(exactTotal(summed(value), 0)).toBe(value)
  })

  it('carries through digits that are full', () => {
    const limbs = summed(2 ** 96 - 2 ** 44, 2 ** 44 - 1, 1)
    expect(exactTotal(limbs, 0)).toBe(2 ** 96)
    expect(limbs.filter((digit) => digit !== 0)).toEqual(Float64Array.of(1))
  })

  it('cuts off what is below its lowest digits', () => {
    expect(summed(5e-324, 1e-200)).toEqual(summed())
  })

  it('keeps sums in one array apart', () => {
    const limbs = new Float64Array(2 * EXACT_SUM.width)
    addExact(limbs, 0, 0.5)
    addExact(limbs, 1, 3)
    expect([exactTotal(limbs, 0), exactTotal(limbs, 1)]).toEqual([0.5, 3])
  })
})

describe('squaresAboutMean', () => {
  const about = (values: number[]) => {
    const units = (of: number[]) => exactUnits(summed(...of), 0)
    return squaresAboutMean(
      values.length,
      units(values.filter((value) => value > 0)),
      units(values.filter((value) => value < 0).map(Math.abs)),
      units(values.map((value) => value * value)),
    )
  }

  it.each([
    [[1, 2, 3], 2],
    [[-1, 1], 2],
    [[-3, -5, 2], 26],
    [[7], 0],
    [[], 0],
    // In doubles the mean square and the squared mean agree in all but the last digits.
    [[2 ** 26, 2 ** 26 + 1, 2 ** 26 + 2], 2],
    [[2 ** 100, 2 ** 101], 2 ** 199],
    [[2 ** -100, 2 ** -101], 2 ** -203],
  ])('of %j is %d', (values, expected) => {
    expect(about(values)).toBe(expected)
  })
})
