import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/statistics/random.ts'
import { rateOverPanes } from '../../../src/statistics/rate-over-panes.ts'

const hitsOf = (random: () => number, n: number, rate: number) => {
  let hits = 0
  for (let value = 0; value < n; value++) if (random() < rate) hits++
  return hits
}

describe('rateOverPanes', () => {
  it.each([
    ['independent values', 0],
    ['rates that move from pane to pane', 0.05],
  ])('keeps its false alarms with %s', (_, spread) => {
    const random = createRandom(`rates ${spread}`)
    const rounds = 1500
    let alarms = 0
    const rate = () => 0.2 + spread * Math.sqrt(3) * (2 * random() - 1)
    const sizes = Array.from({ length: 30 }, (_, pane) => 80 + 2 * pane)
    for (let round = 0; round < rounds; round++) {
      const panes = sizes.map((n) => hitsOf(random, n, rate()))
      if (rateOverPanes(hitsOf(random, 110, rate()), 110, panes, sizes).pValue <= 0.02) alarms++
    }
    expect(alarms / rounds).toBeLessThan(1.25 * 0.02 + 4 * Math.sqrt((0.02 * 0.98) / rounds))
    expect(alarms / rounds).toBeGreaterThan(0.5 * 0.02 - 4 * Math.sqrt((0.02 * 0.98) / rounds))
  })

  it('notices that panes differ more than chance', () => {
    const sizes = new Array<number>(20).fill(100)
    const steady = sizes.map((_, pane) => 18 + (pane % 5))
    const wild = sizes.map((_, pane) => 10 + 2 * (pane % 11))
    expect(rateOverPanes(20, 100, steady, sizes)).toMatchObject({ designEffect: 1, panes: 20 })
    expect(rateOverPanes(20, 100, wild, sizes).dispersionPValue).toBeLessThan(1e-3)
    const [sure, unsure] = [steady, wild].map((hits) => rateOverPanes(40, 100, hits, sizes).pValue)
    expect(sure!).toBeLessThan(1e-3)
    expect(unsure!).toBeGreaterThan(sure! * 10)
  })

  it('has a law where the reference saw no hit', () => {
    const { pValue } = rateOverPanes(9, 100, new Array<number>(30).fill(0), new Array<number>(30).fill(100))
    expect(pValue).toBeLessThan(1e-6)
    expect(pValue).toBeGreaterThan(0)
  })

  it('says nothing without panes or values', () => {
    for (const result of [
      rateOverPanes(3, 9, [1], [9]),
      rateOverPanes(0, 0, [1, 2], [9, 9]),
      rateOverPanes(0, 5, [0, 0], [9, 9]),
      rateOverPanes(5, 5, [9, 9, 0], [9, 9, 0]),
    ]) {
      expect(result).toMatchObject({ pValue: 1, dispersionPValue: 1 })
    }
    expect(() => rateOverPanes(6, 5, [], [])).toThrow('got 6 of 5')
    expect(() => rateOverPanes(5, 5, [3], [2])).toThrow('got 3 of 2')
  })
})
