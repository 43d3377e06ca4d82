import { describe, expect, it } from 'vitest'
import {
  addDelay,
  DELAY_CELLS,
  delayCell,
  delayCellEnds,
  delayCellsWithin,
  delayCut,
  delaysWithin,
} from '../../../src/sketches/label-delays.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'

const HOUR_MS = 3_600_000

describe('the cells of delays', () => {
  it('meet without a gap, each of them an eighth of its octave wide', () => {
    for (let cell = 1; cell < DELAY_CELLS; cell++) {
      const { lower, upper } = delayCellEnds(cell)
      expect(lower).toBe(delayCellEnds(cell - 1).upper)
      expect(Number.isInteger(lower)).toBe(true)
      expect([delayCell(lower), delayCell(lower - 1)]).toEqual([cell, cell - 1])
      if (Number.isFinite(upper)) expect(upper / lower).toBeLessThanOrEqual(1.125)
    }
  })

  it('take any delay at all: labels from before their prediction, and from another age', () => {
    expect([-HOUR_MS, 0, 1023, Number.NaN].map(delayCell)).toEqual([0, 0, 0, 0])
    expect([2 ** 34, 1e15, Number.POSITIVE_INFINITY].map(delayCell)).toEqual(Array(3).fill(DELAY_CELLS - 1))
  })

  it('that are over within a time are those that end in it', () => {
    expect(delayCellsWithin(0)).toBe(0)
    expect(delayCellsWithin(1024)).toBe(1)
    const cells = delayCellsWithin(HOUR_MS)
    expect(delayCellEnds(cells - 1).upper).toBeLessThanOrEqual(HOUR_MS)
    expect(delayCellEnds(cells).upper).toBeGreaterThan(HOUR_MS)
    expect(delayCellsWithin(Number.POSITIVE_INFINITY)).toBe(DELAY_CELLS)
  })

  it('are cut where the share is nearest, with labels on both sides', () => {
    expect(delayCut(Uint32Array.of(3, 3, 4), 0.5)).toBe(2)
    expect(delayCut(Uint32Array.of(3, 3, 4), 0.9)).toBe(2)
    expect(delayCut(Uint32Array.of(1, 0, 9), 0.5)).toBe(1)
    expect(delayCut(Uint32Array.of(0, 7, 0), 0.5)).toBe(0)
    expect(delayCut(Uint32Array.of(0, 0), 0.5)).toBe(0)
  })
})

describe('delaysWithin', () => {
  it('is nothing where the delay of some label was not counted: those that were are the slow ones', () => {
    const counts = createPerformanceCounts('binary')
    addDelay(counts, 5 * HOUR_MS)
    counts.n = 2
    expect(delaysWithin(counts, DELAY_CELLS)).toBeNull()
    addDelay(counts, 2_000)
    expect(delaysWithin(counts, delayCellsWithin(HOUR_MS))!.reduce((sum, count) => sum + count)).toBe(1)
  })
})
