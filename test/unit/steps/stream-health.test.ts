import { describe, expect, it } from 'vitest'
import type { Continuation } from '../../../src/steps/contiguity.ts'
import { createStreamHealth, noteDelta, tellHealth } from '../../../src/steps/stream-health.ts'
import { deltaOf } from '../../support/sketch-deltas.ts'

const CONTINUES: Continuation = { kind: 'continues' }
const window = { fromMs: 0, toMs: 60_000 }
const gap = (from: number, to: number): Continuation => {
  return { kind: 'gap', gaps: [{ topic: 'features', partition: 0, from, to }] }
}

describe('stream health', () => {
  it('adds up what deltas say, and tells it once; totals go on', () => {
    const state = createStreamHealth()
    noteDelta(state, deltaOf([]), CONTINUES)
    noteDelta(state, deltaOf([]), CONTINUES)
    const first = tellHealth(state, 60_000, 60_000)
    expect(first).toMatchObject({ at: 60_000, window, state: 'whole', gaps: [] })
    expect(first.counts).toMatchObject({ late: 2, duplicatePredictions: 4, orphanLabels: 8, gaps: 0 })
    expect(first.totals).toEqual(first.counts)
    noteDelta(state, deltaOf([]), CONTINUES)
    const second = tellHealth(state, 120_000, 60_000)
    expect([second.counts.late, second.totals.late, first.totals.late]).toEqual([1, 3, 2])
    expect(second.id).not.toBe(first.id)
  })

  it('counts the parts of one flush once, and what waits as a level', () => {
    const state = createStreamHealth()
    noteDelta(state, { ...deltaOf([]), parts: 2 }, CONTINUES)
    noteDelta(state, { ...deltaOf([]), part: 1, parts: 2 }, CONTINUES)
    noteDelta(state, { ...deltaOf([]), task: 1, watermark: Number.NEGATIVE_INFINITY }, CONTINUES)
    const { counts, tasks } = tellHealth(state, 60_000, 60_000)
    expect(counts.late).toBe(2)
    expect(tasks).toEqual([
      {
        task: 0,
        watermark: 1234,
        idle: false,
        waiting: 8,
        sources: [{ topic: 'features', partition: 0, offset: 20 }],
      },
      expect.objectContaining({ task: 1, watermark: null, waiting: 8 }),
    ])
  })

  it('is incomplete while offsets are missing, and lists twenty places at most', () => {
    const state = createStreamHealth()
    for (let at = 0; at < 30; at++) noteDelta(state, deltaOf([]), gap(10 * at, 10 * at + 3))
    const told = tellHealth(state, 60_000, 60_000)
    expect(told).toMatchObject({ state: 'incomplete', counts: { gaps: 30, missingOffsets: 90 } })
    expect(told.gaps).toHaveLength(20)
    expect(tellHealth(state, 60_000, 60_000)).toMatchObject({
      state: 'whole',
      gaps: [],
      totals: { gaps: 30 },
    })
  })

  it('takes nothing from a delta that was merged before', () => {
    const state = createStreamHealth()
    noteDelta(state, deltaOf([]), { kind: 'overlaps' })
    const { counts, tasks } = tellHealth(state, 60_000, 60_000)
    expect(counts).toMatchObject({ overlaps: 1, late: 0 })
    expect(tasks).toEqual([])
  })
})
