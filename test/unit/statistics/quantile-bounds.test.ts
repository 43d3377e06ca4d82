import { describe, expect, it } from 'vitest'
import { quantileBounds } from '../../../src/statistics/quantile-bounds.ts'
import { createRandom } from '../../../src/statistics/random.ts'

/** One value in each of 100 cells. */
const hundred = new Uint32Array(100).fill(1)

describe('quantileBounds', () => {
  it('has the order statistics of a sample of 100 for its median', () => {
    // Bin(100, 1/2), summed exactly: at most 37 hits 0.00602, at most 38 hits 0.01049, at most 39 hits 0.01760.
    // So at 99 % the median may lie no earlier than in the 38th cell, at 98.5 % no earlier than in the 39th.
    expect(quantileBounds(hundred, 0.5, 0.99)).toEqual({ cell: 49, first: 37, last: 62 })
    expect(quantileBounds(hundred, 0.5, 0.985)).toEqual({ cell: 49, first: 38, last: 61 })
  })

  it('is wider where values say less, and open where there are too few', () => {
    const wide = quantileBounds(hundred, 0.5, 0.99, 4)!
    expect(wide.first).toBeLessThan(30)
    expect(wide.last).toBeGreaterThan(70)
    expect(quantileBounds(Uint32Array.of(0, 1, 0), 0.5, 0.99)).toEqual({ cell: 1, first: 0, last: 2 })
    expect(quantileBounds(new Uint32Array(3), 0.5, 0.99)).toBeNull()
  })

  it('misses the true quantile no more often than it says, on cells and ties', () => {
    const random = createRandom('quantile-bounds')
    // Cells of 2^-k, so that one cell holds half of all values: the true 0.9 quantile lies in cell 3.
    let [below, above] = [0, 0]
    const rounds = 4000
    for (let round = 0; round < rounds; round++) {
      const counts = new Uint32Array(12)
      for (let value = 0; value < 150; value++) {
        const cell = Math.min(11, Math.floor(-Math.log2(1 - random())))
        counts[cell] = counts[cell]! + 1
      }
      const { first, last } = quantileBounds(counts, 0.9, 0.95)!
      if (first > 3) above++
      if (last < 3) below++
    }
    expect(above / rounds).toBeLessThanOrEqual(0.05)
    expect(below / rounds).toBeLessThanOrEqual(0.05)
  })
})
