import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/events/finding.ts'
import { keptLooksOf, lookAt } from '../../../src/steps/kept-looks.ts'

const DAY = 86_400_000
const finding = (value: number): Finding => ({ value }) as Finding
const window = { fromMs: 0, toMs: 2 * DAY }

/** Looks at windows of so many values, and how often they were judged. */
function looking() {
  const looks = keptLooksOf(null, '1', 'reference')
  let judged = 0
  return {
    looks,
    at: (range: typeof window, n: number) =>
      lookAt(looks, 'features 1', range, n, () => ({ data: [finding(++judged)] })).shown.data[0]!.value,
  }
}

describe('lookAt', () => {
  it('judges a window when it moves, and shows the same until then', () => {
    const { at } = looking()
    expect([at(window, 100), at(window, 100), at(window, 109)]).toEqual([1, 1, 1])
    expect(at({ fromMs: DAY, toMs: 3 * DAY }, 100)).toBe(2)
  })

  it('judges a corrected window once more a move, however often it is corrected', () => {
    const { at } = looking()
    expect([at(window, 100), at(window, 110), at(window, 200), at(window, 900)]).toEqual([1, 2, 2, 2])
    const next = { fromMs: 0, toMs: 3 * DAY }
    expect([at(next, 1000), at(next, 1100), at(next, 2000)]).toEqual([3, 4, 4])
  })

  it('says whether it judged: what stands is no test', () => {
    const looks = keptLooksOf(null, '1', 'reference')
    const look = (n: number) =>
      lookAt(looks, 'features 1', window, n, () => ({ data: [finding(1)] })).isJudged
    expect([look(100), look(100), look(110), look(110)]).toEqual([true, false, true, false])
  })

  it('knows nothing of another version or reference', () => {
    const { looks, at } = looking()
    at(window, 1)
    expect(keptLooksOf(looks, '1', 'reference')).toBe(looks)
    expect(keptLooksOf(looks, '2', 'reference').byWindow.size).toBe(0)
    expect(keptLooksOf(looks, '1', 'another').byWindow.size).toBe(0)
  })
})
