import { describe, expect, it } from 'vitest'
import { createPaneSketch, sumPaneSketches } from '../../../src/sketches/pane-sketch.ts'
import type { PaneSketch } from '../../../src/sketches/types.ts'
import { correctBase, createDyadicSums, dyadicWindows, pushBase } from '../../../src/windows/dyadic-sums.ts'

function base(events: number): PaneSketch {
  return { ...createPaneSketch('binary'), events }
}

/** Six bases of 1, 2, 4 … events: sums tell which of them they hold. */
function sixBases() {
  const sums = createDyadicSums(3, 0)
  for (let number = 0; number < 6; number++) pushBase(sums, base(2 ** number))
  return sums
}

const eventsOf = (sums: ReturnType<typeof sixBases>) =>
  dyadicWindows(sums).map(({ sketch }) => sketch?.events)

describe('windows that stand still', () => {
  it('are not added up again', () => {
    const sums = sixBases()
    const windows = dyadicWindows(sums)
    expect(windows.map(({ sketch }) => sketch?.events)).toEqual([32, 16 + 32, 1 + 2 + 4 + 8 + 16 + 32])
    expect(dyadicWindows(sums)).toBe(windows)
  })

  it('are once they have moved', () => {
    const sums = sixBases()
    dyadicWindows(sums)
    pushBase(sums, base(64))
    expect(eventsOf(sums)).toEqual([64, 16 + 32 + 64, 127])
  })

  it('are once they were corrected, and not for counts that came too late for all of them', () => {
    const sums = sixBases()
    dyadicWindows(sums)
    expect(correctBase(sums, 4, base(1000))).toBe(true)
    expect(eventsOf(sums)).toEqual([32, 1048, 1063])
    const windows = dyadicWindows(sums)
    expect(correctBase(sums, -1, base(1000))).toBe(false)
    expect(dyadicWindows(sums)).toBe(windows)
  })
})

it('gives sums that share nothing with their parts', () => {
  const [a, b] = [base(1), base(2)]
  const sum = sumPaneSketches(a, b)
  sum.events++
  expect([a.events, b.events, sum.events]).toEqual([1, 2, 4])
})
