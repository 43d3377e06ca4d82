import { describe, expect, it } from 'vitest'
import { createAdwin, updateAdwin } from '../../../../src/detectors/classics/adwin.ts'
import {
  addNewest,
  createExponentialHistogram,
  dropOldest,
} from '../../../../src/detectors/classics/exponential-histogram.ts'
import { createRandom } from '../../../../src/statistics/random.ts'

function squaresOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

describe('exponential histogram', () => {
  it('knows number, sum and squares of what it holds, after drops too', () => {
    const random = createRandom('histogram')
    const values = Array.from({ length: 5000 }, () => 100 + random())
    const histogram = createExponentialHistogram(5)
    for (const value of values) addNewest(histogram, value)
    for (let drop = 0; drop < 3; drop++) dropOldest(histogram)
    const held = values.slice(values.length - histogram.n)
    expect(histogram.n).toBeLessThan(5000)
    expect(histogram.total).toBeCloseTo(
      held.reduce((sum, value) => sum + value, 0),
      6,
    )
    expect(histogram.squares).toBeCloseTo(squaresOf(held), 6)
  })

  it('can be emptied down to one bucket', () => {
    const histogram = createExponentialHistogram(5)
    for (let value = 0; value < 20; value++) addNewest(histogram, value)
    while (histogram.n > 1) dropOldest(histogram)
    expect(histogram.total).toBe(19)
  })

  it('grows with the logarithm of the stream', () => {
    const state = createAdwin()
    for (let i = 0; i < 1_000_000; i++) updateAdwin(state, i % 2)
    const buckets = state.window.rows.reduce((sum, row) => sum + row.length, 0)
    expect(state.window.n).toBe(1_000_000)
    expect(buckets).toBeLessThanOrEqual(5 * Math.ceil(Math.log2(1_000_000)))
  })
})
