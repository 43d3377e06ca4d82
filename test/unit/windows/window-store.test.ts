import { describe, expect, it } from 'vitest'
import { compileLayout, layoutOf } from '../../../src/sketches/block-layout.ts'
import { addFeatures, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import type { PaneSketch } from '../../../src/sketches/types.ts'
import { planOf } from '../../../src/steps/plan-windows.ts'
import {
  closeUntil,
  createWindowStore,
  gatheringPane,
  isEmpty,
  judgedFeatures,
  judgedOutcomes,
  mergeCounts,
  planWindows,
  type WindowStore,
} from '../../../src/windows/window-store.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const PANE_MS = 10
const reference = smallReference()
const plan = planOf(
  {
    features: new Map(),
    windows: { qualityMs: 10, dataMs: 20, performanceMs: 20, longestMs: 80, labelDelayMs: 30 },
  },
  reference,
  PANE_MS,
)

function events(count: number, layout = layoutOf(reference)): PaneSketch {
  const sketch = createPaneSketch('binary')
  for (let i = 0; i < count; i++) addFeatures(sketch, layout, { x: i, c: 'c1' }, `${i}`)
  return sketch
}

function labels(count: number): PaneSketch {
  const sketch = createPaneSketch('binary')
  for (let i = 0; i < count; i++) {
    addOutcome(sketch.performance, { prediction: 'yes', score: 0.9, label: 'yes', positiveLabel: 'yes' })
  }
  return sketch
}

/** Counted on a reference without features. */
const onOtherEdges = () => events(1, compileLayout(new Map()))

function planned(): WindowStore {
  const store = createWindowStore(PANE_MS, 0)
  planWindows(store, plan)
  return store
}

/** Events in the windows of one pane, and of 2, 4 and 8. */
const eventsHeld = (store: WindowStore) =>
  judgedFeatures(store).map(({ windows }) => windows.map(({ sketch }) => sketch?.events ?? 0))
const labelsHeld = (store: WindowStore) =>
  judgedOutcomes(store).map(({ sketch }) => sketch?.performance.n ?? 0)

describe('the window store', () => {
  it('judges quality by its base alone, and distributions by every doubling up to the longest', () => {
    const store = planned()
    for (let pane = 0; pane < 16; pane++) mergeCounts(store, pane * PANE_MS, events(1 + pane))
    closeUntil(store, 160)
    expect(eventsHeld(store)).toEqual([[16], [15 + 16, 13 + 14 + 15 + 16, 100]])
  })

  it('refuses counts that do not fit the reference, the first as well as a later one', () => {
    const store = planned()
    expect(mergeCounts(store, 0, onOtherEdges())).toBe('misfit')
    expect(mergeCounts(store, 0, createPaneSketch('regression'))).toBe('misfit')
    expect(store.firstStart).toBeNull()
    expect(mergeCounts(store, 0, events(3))).toBe('merged')
    closeUntil(store, 10)
    expect(eventsHeld(store)[0]).toEqual([3])
  })

  it('sorts out what did not fit when the reference comes, whichever was there first', () => {
    const store = createWindowStore(PANE_MS, null)
    expect(mergeCounts(store, 20, onOtherEdges())).toBe('merged')
    expect(mergeCounts(store, 20, events(3))).toBe('merged')
    expect(mergeCounts(store, 20, events(4))).toBe('merged')
    expect(planWindows(store, plan)).toEqual([20])
    closeUntil(store, 30)
    expect(eventsHeld(store)[0]).toEqual([7])
  })

  it('keeps a bounded number of panes while no reference is known, the newest', () => {
    const store = createWindowStore(PANE_MS, null)
    for (let pane = 0; pane < 256; pane++)
      expect(mergeCounts(store, pane * PANE_MS, events(1))).toBe('merged')
    expect(mergeCounts(store, 2560, events(1))).toBe('over')
    planWindows(store, plan)
    expect(store.firstStart).toBe(PANE_MS)
  })

  it('lets labels wait for their delay, and says when counts came after every window', () => {
    const store = planned()
    mergeCounts(store, 0, events(2))
    closeUntil(store, 10)
    expect(mergeCounts(store, 0, labels(2))).toBe('merged')
    expect(gatheringPane(store, 0)?.performance.n).toBe(2)
    expect(labelsHeld(store)).toEqual([0, 0, 0])
    closeUntil(store, 40)
    expect(gatheringPane(store, 0)).toBeNull()
    expect(labelsHeld(store)[0]).toBe(2)
    expect(mergeCounts(store, 0, labels(1))).toBe('merged')
    expect(labelsHeld(store)[0]).toBe(3)
    closeUntil(store, 10_000)
    expect(mergeCounts(store, 0, labels(1))).toBe('over')
    expect(mergeCounts(store, 0, events(1))).toBe('over')
  })

  it('begins with the first events that came in time: neither labels nor late events are what a pane held', () => {
    for (const isKnown of [true, false]) {
      const store = createWindowStore(PANE_MS, 100)
      if (isKnown) planWindows(store, plan)
      mergeCounts(store, 60, labels(2))
      mergeCounts(store, 70, events(1))
      mergeCounts(store, 120, labels(2))
      if (isKnown) expect(store.firstStart).toBeNull()
      mergeCounts(store, 130, events(3))
      closeUntil(store, 140)
      mergeCounts(store, 110, events(1))
      if (!isKnown) planWindows(store, plan)
      expect(store.firstStart).toBe(130)
    }
  })

  it('is empty again when all it held is over', () => {
    const store = planned()
    expect(isEmpty(store)).toBe(true)
    mergeCounts(store, 0, events(2))
    mergeCounts(store, 0, labels(2))
    expect(isEmpty(store)).toBe(false)
    closeUntil(store, 100)
    expect(isEmpty(store)).toBe(false)
    closeUntil(store, 10_000)
    expect(isEmpty(store)).toBe(true)
  })

  it('is plain data: a copy of it goes on as the store does', () => {
    const store = planned()
    for (let pane = 0; pane < 20; pane++) mergeCounts(store, pane * PANE_MS, events(pane))
    closeUntil(store, 130)
    const copy = structuredClone(store)
    for (const one of [store, copy]) {
      mergeCounts(one, 50, events(1))
      closeUntil(one, 180)
    }
    expect(copy).toEqual(store)
  })
})
