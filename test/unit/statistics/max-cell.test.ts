import { describe, expect, it } from 'vitest'
import { rateDifference } from '../../../src/statistics/binomial-rates.ts'
import {
  logHypergeometricLower,
  logHypergeometricUpper,
} from '../../../src/statistics/hypergeometric-tail.ts'
import { maxCell, maxCellTest } from '../../../src/statistics/max-cell.ts'
import { createRandom } from '../../../src/statistics/random.ts'

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)

describe('maxCellTest', () => {
  it('passes over no cell that a look at every cell finds', () => {
    const random = createRandom('cells')
    let found = 0
    for (let round = 0; round < 400; round++) {
      const cells = 2 + Math.floor(random() * 60)
      const reference = Array.from({ length: cells }, () => Math.floor(400 * random() ** 4))
      const window = reference.map((count) => Math.floor((count / 8 + 4 * random()) * 2 * random()))
      const n = sum(window)
      const m = sum(reference)
      if (n === 0 || m === 0) continue
      let smallest = 0
      for (const [cell, count] of window.entries()) {
        const both = count + reference[cell]!
        smallest = Math.min(
          smallest,
          logHypergeometricUpper(count, both, n, m),
          logHypergeometricLower(count, both, n, m),
        )
      }
      const result = maxCellTest(maxCell(reference), window, n)
      if (result.cell === -1) {
        expect(smallest).toBeGreaterThanOrEqual(-Math.log(cells) - 1e-12)
        continue
      }
      found++
      const count = window[result.cell]!
      const both = count + reference[result.cell]!
      const tail = result.side === 'full' ? logHypergeometricUpper : logHypergeometricLower
      expect(tail(count, both, n, m)).toBeCloseTo(smallest, 10)
      // Between one tail a cell and two.
      expect(result.pValue).toBeGreaterThanOrEqual(
        -Math.expm1(cells * Math.log1p(-Math.exp(smallest))) - 1e-12,
      )
      expect(result.pValue).toBeLessThanOrEqual(2 * cells * Math.exp(smallest))
    }
    expect(found).toBeGreaterThan(100)
  })

  it('names a stuck value, a gap, and a value the reference has never seen', () => {
    const reference = new Array<number>(100).fill(200)
    const test = maxCell(reference)
    const stuck = new Array<number>(100).fill(10)
    stuck[37] = 60
    expect(maxCellTest(test, stuck, sum(stuck))).toMatchObject({ cell: 37, side: 'full' })
    const gap = new Array<number>(100).fill(60)
    gap[12] = 0
    expect(maxCellTest(test, gap, sum(gap))).toMatchObject({ cell: 12, side: 'empty' })
    expect(maxCellTest(test, gap, sum(gap)).pValue).toBeLessThan(1e-9)

    const news = maxCellTest(maxCell([5000, 5000, 0]), [480, 480, 40], 1000)
    expect(news).toMatchObject({ cell: 2, side: 'full' })
    expect(news.pValue).toBeLessThan(1e-30)
  })

  it('counts two tails of two cells, as the exact test of a rate does', () => {
    const { pValue } = maxCellTest(maxCell([700, 300]), [60, 60], 120)
    expect(pValue / rateDifference(60, 120, 300, 1000, 0.99).pValue).toBeCloseTo(1, 3)
  })

  it('says nothing of empty samples and single cells', () => {
    for (const [reference, window] of [
      [
        [5, 5],
        [0, 0],
      ],
      [
        [0, 0],
        [5, 5],
      ],
      [[5], [5]],
      [[], []],
    ] as const) {
      expect(maxCellTest(maxCell(reference), window, sum(window))).toEqual({
        cell: -1,
        side: 'none',
        pValue: 1,
      })
    }
  })
})
