import { describe, expect, it } from 'vitest'
import { createBlockShape } from '../../../src/sketches/block-shape.ts'
import { createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import {
  addPane,
  addPaneOutcomes,
  breakWindow,
  createWindowedCounts,
  wholeWindows,
  windowsMaxOf,
} from '../../../src/sketches/windowed-counts.ts'

const SHAPE = createBlockShape(Uint8Array.of(0), [100])

/** Panes of 10 in windows of 30. */
const paneOf = (events: number) => ({ ...createPaneSketch('binary'), events })

describe('windowed counts', () => {
  it('put panes into their windows, before the epoch, too', () => {
    const counts = createWindowedCounts(30, 'binary', SHAPE)
    for (const start of [-10, 0, 10, 20, 30]) addPane(counts, start, paneOf(4))
    expect([...counts.windows].map(([start, { events }]) => [start, events])).toEqual([
      [-30, 4],
      [0, 12],
      [30, 4],
    ])
    expect(wholeWindows(counts, { fromMs: -10, toMs: 40 })).toEqual([0])
    expect(wholeWindows(counts, { fromMs: -30, toMs: 60 })).toEqual([-30, 0, 30])
  })

  it('know no window of which a part was left out, and none without rows', () => {
    const counts = createWindowedCounts(30, 'binary', SHAPE)
    for (const start of [0, 30, 60]) addPane(counts, start, paneOf(start === 60 ? 0 : 1))
    breakWindow(counts, 40)
    expect(wholeWindows(counts, { fromMs: 0, toMs: 900 })).toEqual([0])
  })

  it('keep the newest, whatever comes last, and outcomes of kept windows alone', () => {
    const counts = createWindowedCounts(1, 'binary', SHAPE)
    for (let start = 300; start > 0; start--) addPane(counts, start, paneOf(1))
    expect([counts.windows.size, Math.min(...counts.windows.keys())]).toEqual([256, 45])
    const outcomes = { ...createPerformanceCounts('binary'), n: 3, correct: 2 }
    addPaneOutcomes(counts, 44, outcomes)
    addPaneOutcomes(counts, 45, outcomes)
    expect(counts.windows.has(44)).toBe(false)
    expect(counts.windows.get(45)!.performance).toMatchObject({ n: 3, correct: 2 })
  })

  it('are fewer where they are wide', () => {
    expect(windowsMaxOf(SHAPE)).toBe(256)
    expect(windowsMaxOf(createBlockShape(new Uint8Array(1_000), new Array(1_000).fill(548)))).toBe(30)
    expect(windowsMaxOf(createBlockShape(Uint8Array.of(0), [2 ** 25]))).toBe(1)
  })
})
