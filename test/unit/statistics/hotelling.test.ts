import { describe, expect, it } from 'vitest'
import { studentTwoSided } from '../../../src/statistics/f-distribution.ts'
import { hotelling, paneLaw } from '../../../src/statistics/hotelling.ts'
import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

describe('hotelling', () => {
  it('agrees with numpy and scipy', () => {
    for (const row of goldenRows('hotelling')) {
      const law = paneLaw(row.means as unknown as number[][])!
      const { tSquared, pValue } = hotelling(law, row.windowMean as unknown as number[], row.windowPanes!)
      expect(relativeError(tSquared, row.tSquared!)).toBeLessThan(1e-9)
      expect(relativeError(pValue, row.pValue!)).toBeLessThan(1e-8)
    }
  })

  it('is Student for one component', () => {
    const rates = [0.1, 0.14, 0.09, 0.12, 0.11, 0.13, 0.08]
    const { pValue } = hotelling(paneLaw(rates.map((rate) => [rate]))!, [0.19], 1)
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / 7
    const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / 6
    expect(pValue).toBeCloseTo(studentTwoSided((0.19 - mean) / Math.sqrt(variance * (1 + 1 / 7)), 6), 12)
  })

  it('keeps its false alarms with few panes whose values hang together', () => {
    const random = createRandom('panes')
    const rounds = 4000
    // Four components that share half of their variance, means over panes of any inner dependence.
    const pane = () => {
      const shared = normal(random)
      return [1, 2, 3, 4].map((scale) => scale * (shared + normal(random)))
    }
    let alarms = 0
    for (let round = 0; round < rounds; round++) {
      const law = paneLaw(Array.from({ length: 20 }, pane))!
      const stretch = Array.from({ length: 4 }, pane)
      const mean = [0, 1, 2, 3].map((k) => stretch.reduce((sum, row) => sum + row[k]! / 4, 0))
      if (hotelling(law, mean, 4).pValue <= 0.01) alarms++
    }
    expect(Math.abs(alarms / rounds - 0.01)).toBeLessThan(4 * Math.sqrt((0.01 * 0.99) / rounds))
  })

  it('leaves out components that repeat others or never vary', () => {
    const rows = [1, 2, 4, 3, 5, 9, 7, 8, 6, 0].map((x) => [x, 2 * x, x * x])
    expect(paneLaw(rows)!.order).toBe(1)
    expect(paneLaw(rows.map(() => [3, 3]))).toBeNull()
    expect(hotelling(paneLaw(rows)!, [Number.NaN], 1).pValue).toBeNaN()
  })

  it('has no law of too few panes', () => {
    expect(paneLaw([])).toBeNull()
    expect(paneLaw([[], [], [], [], [], []])).toBeNull()
    expect(paneLaw([[1], [2], [3], [4]])).toBeNull()
    expect(
      paneLaw([
        [1, 2],
        [2, 1],
        [3, 5],
        [4, 4],
        [5, 1],
      ])!.order,
    ).toBe(1)
  })
})
