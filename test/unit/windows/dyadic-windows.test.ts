import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLayout, layoutOf } from '../../../src/sketches/block-layout.ts'
import { addFeatures, createPaneSketch, mergePaneSketch } from '../../../src/sketches/pane-sketch.ts'
import type { PaneSketch } from '../../../src/sketches/types.ts'
import { DyadicWindows } from '../../../src/windows/dyadic-windows.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const PANE_MS = 10
const LEVELS = 5
const layout = layoutOf(smallReference())

function sketchOf(seed: number): PaneSketch {
  const sketch = createPaneSketch('binary')
  addFeatures(sketch, layout, { x: seed % 500, c: `c${seed % 7}` }, `${seed}`)
  return sketch
}

/** The window by its definition: a sum over all that was ever merged into its panes. */
function resummed(
  merged: readonly (readonly [start: number, sketch: PaneSketch])[],
  from: number,
  to: number,
) {
  const inside = merged.filter(([start]) => from <= start && start < to)
  if (inside.length === 0) return null
  const sum = createPaneSketch('binary')
  for (const [, sketch] of inside) mergePaneSketch(sum, sketch)
  return sum
}

describe('DyadicWindows', () => {
  it('agree with adding up all panes, whatever comes early, late, or never', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ pane: fc.integer({ min: -30, max: 12 }), seed: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ panes: fc.oneof(fc.constant(1), fc.nat({ max: 40 })) }) },
    )
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.array(step, { maxLength: 80 }), (first, steps) => {
        const windows = new DyadicWindows(PANE_MS, LEVELS, first * PANE_MS)
        const merged: [number, PaneSketch][] = []
        let boundary = first
        for (const next of steps) {
          if ('panes' in next) {
            boundary += next.panes
            windows.advance(boundary * PANE_MS + (next.panes % PANE_MS))
          } else {
            // A correction older than what the longest stretches hold is dropped, and no window shows it.
            const start = (boundary + next.pane) * PANE_MS
            expect(windows.merge(start, sketchOf(next.seed))).toBe(true)
            merged.push([start, sketchOf(next.seed)])
          }
          for (let level = 0; level < LEVELS; level++) {
            const { fromMs, toMs, sketch } = windows.window(level)
            expect(toMs - fromMs).toBe(2 ** level * PANE_MS)
            expect(Math.abs(toMs % (toMs - fromMs))).toBe(0)
            expect(toMs).toBeLessThanOrEqual(boundary * PANE_MS)
            expect(toMs).toBeGreaterThan((boundary - 2 ** level) * PANE_MS)
            expect(sketch).toEqual(resummed(merged, fromMs, toMs))
          }
        }
      }),
    )
  })

  it('keep the sketch they were given apart from the pane', () => {
    const windows = new DyadicWindows(PANE_MS, 2, 0)
    const sketch = sketchOf(1)
    windows.merge(0, sketch)
    windows.merge(0, sketchOf(2))
    windows.advance(20)
    windows.merge(10, sketchOf(3))
    expect(sketch).toEqual(sketchOf(1))
    expect(windows.window(1).sketch?.events).toBe(3)
    expect(windows.window(0).sketch).toEqual(sketchOf(3))
  })

  it('refuse counts on other edges', () => {
    const windows = new DyadicWindows(PANE_MS, 2, 0)
    const other = createPaneSketch('binary')
    addFeatures(other, compileLayout(new Map()), {}, 'a')
    expect(windows.merge(0, createPaneSketch('binary'))).toBe(true)
    expect(windows.merge(0, sketchOf(1))).toBe(true)
    expect(windows.merge(0, other)).toBe(false)
    windows.advance(10)
    expect(windows.window(0).sketch).toEqual(sketchOf(1))
  })
})
