import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BoundedSeries } from '../../../src/replay/bounded-series.ts'

describe('a bounded series', () => {
  it('keeps every value in one of few stretches, in any order', () => {
    const values = fc.array(
      fc.record({
        at: fc.integer({ min: -1_000_000, max: 1_000_000 }),
        value: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 300 },
    )
    fc.assert(
      fc.property(values, (all) => {
        const series = new BoundedSeries<number>(10, 8, (a, b) => a + b)
        const other = new BoundedSeries<number>(10, 8, (a, b) => a + b)
        for (const { at, value } of all) series.add(at, value)
        for (const { at, value } of all.toReversed()) other.add(at, value)
        const stretches = series.stretches()
        expect(other.stretches()).toEqual(stretches)
        expect(stretches.length).toBeLessThanOrEqual(8)
        for (const { fromMs, toMs, value } of stretches) {
          const inside = all.filter(({ at }) => at >= fromMs && at < toMs)
          expect(inside.reduce((sum, each) => sum + each.value, 0)).toBe(value)
        }
      }),
    )
  })
})
