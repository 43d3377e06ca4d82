import { describe, expect, it } from 'vitest'
import {
  addNumeric,
  createNumericCounts,
  mergeNumericCounts,
  numericTotal,
} from '../../../src/sketches/numeric-counts.ts'

const grid = { edges: Float64Array.of(0, 10) }

describe('addNumeric', () => {
  it('counts finite values in their bins, with their range', () => {
    const counts = createNumericCounts(grid)
    for (const x of [-5, 0, 3, 10, 12]) addNumeric(grid, counts, x)
    expect([...counts.bins]).toEqual([1, 2, 2])
    expect(counts).toMatchObject({ min: -5, max: 12, missing: 0, nan: 0, infinite: 0, wrongType: 0 })
    expect(numericTotal(counts)).toBe(5)
  })

  it.each([
    [undefined, 'missing'],
    [null, 'missing'],
    [Number.NaN, 'nan'],
    ['NaN', 'nan'],
    [Number.POSITIVE_INFINITY, 'infinite'],
    [Number.NEGATIVE_INFINITY, 'infinite'],
    ['Infinity', 'infinite'],
    ['-Infinity', 'infinite'],
    ['5', 'wrongType'],
    ['', 'wrongType'],
    [true, 'wrongType'],
  ] as const)('counts %o as %s and nothing else', (value, counter) => {
    const counts = createNumericCounts(grid)
    addNumeric(grid, counts, value)
    expect(counts).toEqual({ ...createNumericCounts(grid), [counter]: 1 })
  })

  it('keeps no sign of zero, whichever came first', () => {
    for (const zeros of [
      [0, -0],
      [-0, 0],
    ]) {
      const counts = createNumericCounts(grid)
      for (const zero of zeros) addNumeric(grid, counts, zero)
      expect(counts.min).toBe(0)
      expect(counts.max).toBe(0)
      expect([...counts.bins]).toEqual([0, 2, 0])
    }
  })
})

describe('mergeNumericCounts', () => {
  it('adds everything', () => {
    const [a, b] = [createNumericCounts(grid), createNumericCounts(grid)]
    for (const value of [1, null, 'NaN', 'x']) addNumeric(grid, a, value)
    for (const value of [20, 'Infinity', -1, null]) addNumeric(grid, b, value)
    mergeNumericCounts(a, b)
    expect([...a.bins]).toEqual([1, 1, 1])
    expect(a).toMatchObject({ missing: 2, nan: 1, infinite: 1, wrongType: 1, min: -1, max: 20 })
  })

  it('refuses counts of another grid', () => {
    const other = createNumericCounts({ edges: Float64Array.of(1) })
    expect(() => mergeNumericCounts(createNumericCounts(grid), other)).toThrow(
      /same edges, got 2 cells for 3/,
    )
  })
})
