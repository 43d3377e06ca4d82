import { describe, expect, it } from 'vitest'
import { TAIL_LEVELS } from '../../../src/sketches/block-shape.ts'
import { tailLevel, tailLevelStart, tailScale } from '../../../src/sketches/tail-levels.ts'

describe('tailLevel', () => {
  it('rises by one at every doubling of the distance', () => {
    expect(
      [0, 0.06, 1 / 16, 0.124, 0.125, 1, 1023, 1024, 1e300, Infinity].map((d) => tailLevel(d, 1)),
    ).toEqual([0, 0, 1, 1, 2, 5, 14, 15, 15, 15])
  })

  it('begins where tailLevelStart says', () => {
    for (let level = 0; level < TAIL_LEVELS; level++) {
      expect(tailLevel(tailLevelStart(level, 3), 3)).toBe(level)
      if (level > 0) expect(tailLevel(tailLevelStart(level, 3) * (1 - 2 ** -52), 3)).toBe(level - 1)
    }
  })

  it('ends also where the scale is next to nothing or next to everything', () => {
    expect(tailLevel(1, Number.MIN_VALUE)).toBe(15)
    expect(tailLevel(1, Number.MAX_VALUE)).toBe(0)
    expect(tailLevel(Infinity, Number.MAX_VALUE)).toBe(15)
  })
})

describe('tailScale', () => {
  it('is the width of the edges, or a millionth of their size, and finite', () => {
    expect(tailScale(Float64Array.of(-2, 0, 4))).toBe(6)
    expect(tailScale(Float64Array.of(2 ** 20, 2 ** 20 + 2 ** -30))).toBeCloseTo(1, 9)
    expect(tailScale(Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE))).toBe(Number.MAX_VALUE)
  })
})
