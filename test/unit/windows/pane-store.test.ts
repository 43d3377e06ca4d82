import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLayout, layoutOf } from '../../../src/sketches/block-layout.ts'
import {
  addFeatures,
  clonePaneSketch,
  createPaneSketch,
  mergePaneSketch,
} from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import type { PaneSketch } from '../../../src/sketches/types.ts'
import { PaneStore } from '../../../src/windows/pane-store.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const PANE_MS = 10
const reference = smallReference()
const layout = layoutOf(reference)

/** A sketch that differs in every field with `seed`. */
function sketchOf(seed: number): PaneSketch {
  const sketch = createPaneSketch('binary')
  for (let i = 0; i <= seed % 4; i++) {
    const value = ['x', 'NaN', 'Infinity', null, seed][i + (seed % 2)]!
    const features = { x: seed % 500, c: `c${seed % 7}`, new: 1, ['__proto__']: value }
    // Every ninth pane holds outcomes only.
    if (seed % 9 > 0) addFeatures(sketch, layout, features, `${seed}-${i}`)
    addOutcome(sketch.performance, {
      prediction: seed % 3 === 0 ? 'yes' : 'no',
      score: (seed % 97) / 97,
      label: seed % 5 === 0 ? 'yes' : 'no',
      positiveLabel: 'yes',
    })
  }
  return sketch
}

/** Counted on a reference without features. */
function sketchOnNothing(): PaneSketch {
  const sketch = createPaneSketch('binary')
  addFeatures(sketch, compileLayout(new Map()), {}, 'a')
  return sketch
}

/** The same as a store, adding up all panes at every question. */
class ResummingStore {
  readonly #panes = new Map<number, PaneSketch>()

  merge(start: number, sketch: PaneSketch): void {
    const pane = this.#panes.get(start)
    if (pane === undefined) this.#panes.set(start, clonePaneSketch(sketch))
    else mergePaneSketch(pane, sketch)
  }

  sum(fromMs: number, toMs: number): PaneSketch | null {
    const starts = [...this.#panes.keys()].filter((start) => fromMs <= start && start < toMs)
    if (starts.length === 0) return null
    const sum = createPaneSketch('binary')
    for (const start of starts.toSorted((a, b) => a - b)) mergePaneSketch(sum, this.#panes.get(start)!)
    return sum
  }

  evictBefore(ms: number): void {
    for (const start of this.#panes.keys()) if (start < ms) this.#panes.delete(start)
  }
}

describe('PaneStore', () => {
  it('sums windows that move on, with gaps and late corrections, like adding up all panes', () => {
    const store = new PaneStore()
    const oracle = new ResummingStore()
    for (let pane = 0; pane < 60; pane++) {
      const now = pane * PANE_MS
      for (const start of pane % 5 === 0 ? [] : [now, now - 3 * PANE_MS]) {
        store.merge(start, sketchOf(7 * start + pane))
        oracle.merge(start, sketchOf(7 * start + pane))
      }
      for (const length of [1, 4, 24]) {
        const [fromMs, toMs] = [now + PANE_MS - length * PANE_MS, now + PANE_MS]
        expect(store.sum(fromMs, toMs)).toEqual(oracle.sum(fromMs, toMs))
      }
      // The window of outcomes ends earlier than the others and is as long as one of them.
      expect(store.sum(now - 6 * PANE_MS, now - 2 * PANE_MS)).toEqual(
        oracle.sum(now - 6 * PANE_MS, now - 2 * PANE_MS),
      )
      if (pane % 10 === 0) {
        store.evictBefore(now - 30 * PANE_MS)
        oracle.evictBefore(now - 30 * PANE_MS)
      }
    }
  })

  it('agrees with adding up all panes after any sequence of questions', () => {
    const start = fc.nat({ max: 20 }).map((pane) => pane * PANE_MS)
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('merge' as const), start, seed: fc.nat() }) },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('sum' as const),
          start,
          panes: fc.constantFrom(1, 2, 5, 9),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('evict' as const), start }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = new PaneStore()
        const oracle = new ResummingStore()
        for (const next of steps) {
          if (next.kind === 'merge') {
            store.merge(next.start, sketchOf(next.seed))
            oracle.merge(next.start, sketchOf(next.seed))
          } else if (next.kind === 'evict') {
            store.evictBefore(next.start)
            oracle.evictBefore(next.start)
          } else {
            const toMs = next.start + next.panes * PANE_MS
            expect(store.sum(next.start, toMs)).toEqual(oracle.sum(next.start, toMs))
          }
        }
        expect(store.sum(0, 1000)).toEqual(oracle.sum(0, 1000))
      }),
    )
  })

  it('gives the same object until a pane changes, and leaves the one given before alone', () => {
    const store = new PaneStore()
    store.merge(0, sketchOf(1))
    const first = store.sum(0, 20)!
    const copy = clonePaneSketch(first)
    expect(store.sum(0, 20)).toBe(first)
    store.merge(10, sketchOf(2))
    expect(store.sum(0, 20)).not.toEqual(copy)
    expect(store.sum(10, 30)).toEqual(sketchOf(2))
    expect(first).toEqual(copy)
  })

  it('knows its first pane for good, and its panes in order', () => {
    const store = new PaneStore()
    expect(store.firstStart).toBeNull()
    for (const start of [30, 10, 20]) store.merge(start, sketchOf(start))
    expect(store.panes(10, 30)).toEqual([
      { start: 10, sketch: sketchOf(10) },
      { start: 20, sketch: sketchOf(20) },
    ])
    store.evictBefore(25)
    expect(store.firstStart).toBe(10)
    expect(store.panes(0, 100).map(({ start }) => start)).toEqual([30])
    expect(store.sum(0, 25)).toBeNull()
  })

  it('keeps the sketch it was given apart from the pane', () => {
    const store = new PaneStore()
    const sketch = sketchOf(3)
    store.merge(0, sketch)
    store.merge(0, sketchOf(4))
    expect(sketch).toEqual(sketchOf(3))
  })

  it('refuses counts on other edges, until it is empty again', () => {
    const store = new PaneStore()
    const without = sketchOnNothing()
    expect(store.merge(0, sketchOf(1))).toBe(true)
    store.sum(0, 10)
    expect(store.merge(0, without)).toBe(false)
    expect(store.sum(0, 10)).toEqual(sketchOf(1))
    store.evictBefore(10)
    expect(store.merge(0, without)).toBe(true)
    expect(store.sum(0, 10)).toEqual(without)
  })
})
