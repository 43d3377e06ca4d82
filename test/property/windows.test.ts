import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { coarseCounts } from '../../src/sketches/coarse-cells.ts'
import { addFeatures, createPaneSketch, mergePaneSketch } from '../../src/sketches/pane-sketch.ts'
import { addOutcome, addScore, scoresOnly } from '../../src/sketches/performance-counts.ts'
import { selectedShape, selectFeatures } from '../../src/sketches/select-features.ts'
import type { PaneSketch } from '../../src/sketches/types.ts'
import { planOf, scoreBaseMsOf } from '../../src/steps/plan-windows.ts'
import { packPane } from '../../src/windows/packed-pane.ts'
import {
  closeUntil,
  createWindowStore,
  featureTrailFrom,
  judgedFeatures,
  judgedOutcomes,
  mergeCounts,
  outcomeTrailFrom,
  planWindows,
  type WindowStore,
} from '../../src/windows/window-store.ts'
import { smallReference } from '../support/sketch-samples.ts'

const PANE_MS = 10
const reference = smallReference()
const layout = layoutOf(reference)

type Counted = readonly [pane: number, sketch: PaneSketch]

/** A sketch that differs in every field with `seed`; every fifth holds outcomes alone. */
function sketchOf(seed: number): PaneSketch {
  const sketch = createPaneSketch('binary')
  const features = { x: (seed * 37) % 700, c: `c${seed % 7}`, new: 1, ['__proto__']: seed % 9 }
  if (seed % 5 > 0) addFeatures(sketch, layout, features, `${seed}`)
  const predicted = {
    prediction: seed % 3 === 0 ? 'yes' : 'no',
    score: (seed % 97) / 97,
    positiveLabel: 'yes',
  }
  if (seed % 2 === 0) addScore(sketch.performance, predicted)
  if (seed % 5 === 0 || seed % 3 === 0) {
    addOutcome(sketch.performance, { ...predicted, label: seed % 4 === 0 ? 'yes' : 'no' })
  }
  return sketch
}

/** A sum by its definition; null where nothing of the kind was counted. */
function resummed(counted: readonly Counted[], from: number, to: number): PaneSketch | null {
  const inside = counted.filter(([pane]) => from <= pane && pane < to)
  if (inside.length === 0) return null
  const sum = createPaneSketch('binary')
  for (const [, sketch] of inside) mergePaneSketch(sum, sketch)
  return sum
}

function resummedFeatures(
  counted: readonly Counted[],
  from: number,
  to: number,
  positions: readonly number[],
  withScores: boolean,
): PaneSketch | null {
  const sum = resummed(
    counted.filter(
      ([, { block, performance }]) => block !== null || (withScores && performance.scores.length > 0),
    ),
    from,
    to,
  )
  if (sum === null) return null
  const shape = selectedShape(layout.shape, positions)
  const block = sum.block === null ? null : selectFeatures(sum.block, positions, shape)
  const performance = withScores ? scoresOnly(sum.performance) : createPaneSketch('binary').performance
  return { ...sum, block, performance }
}

function resummedOutcomes(counted: readonly Counted[], from: number, to: number): PaneSketch | null {
  const sum = resummed(counted, from, to)
  return sum && { ...sum, unknownFeatures: 0, block: null }
}

/** Equal content gives equal bytes, whether or not an array of zeros was made for it. */
function bytesOf(sketch: PaneSketch | null): Uint8Array | null {
  return sketch && packPane(sketch).bytes
}

const anyLengths = fc
  .record({
    quality: fc.integer({ min: 1, max: 3 }),
    // 340 panes are kept by tens: a slot is the least divisor that leaves no more than 48.
    data: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constant(340)),
    performance: fc.integer({ min: 1, max: 5 }),
    own: fc.integer({ min: 1, max: 6 }),
    longest: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 24 }) }, fc.constant(1_400)),
    delay: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ quality, data, performance, own, longest, delay }) => ({
    features: new Map([['c', { type: 'categorical' as const, windowMs: own * PANE_MS }]]),
    windows: {
      qualityMs: quality * PANE_MS,
      dataMs: data * PANE_MS,
      performanceMs: performance * PANE_MS,
      longestMs: longest * PANE_MS,
      labelDelayMs: delay * PANE_MS,
    },
  }))

type Lengths = typeof anyLengths extends fc.Arbitrary<infer Value> ? Value : never

/** Panes counted early and late, and time that moves on, sometimes far. */
const anySteps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ pane: fc.integer({ min: -40, max: 8 }), seed: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ panes: fc.oneof(fc.constant(1), fc.nat({ max: 40 })) }) },
  ),
  { maxLength: 60 },
)

function play(store: WindowStore, steps: typeof anySteps extends fc.Arbitrary<infer Value> ? Value : never) {
  const counted: Counted[] = []
  /** Of events that came before their pane closed. */
  let firstPane: number | null = null
  let boundary = store.end ?? 0
  for (const step of steps) {
    if ('panes' in step) {
      boundary += step.panes
      closeUntil(store, boundary * PANE_MS)
    } else {
      const pane = boundary + step.pane
      const sketch = sketchOf(step.seed)
      const before = packPane(sketch)
      mergeCounts(store, pane * PANE_MS, sketch)
      expect(packPane(sketch)).toEqual(before)
      counted.push([pane, sketch])
      if (sketch.events > 0 && pane >= boundary) firstPane = Math.min(pane, firstPane ?? pane)
    }
  }
  return { counted, boundary, firstPane }
}

function planned(lengths: Lengths, end: number): WindowStore {
  const store = createWindowStore(PANE_MS, end * PANE_MS)
  expect(planWindows(store, planOf(lengths, reference, PANE_MS))).toEqual([])
  return store
}

/** Every window, as bytes. */
function contentOf(store: WindowStore) {
  const content = (window: { fromMs: number; toMs: number; sketch: PaneSketch | null }) => ({
    ...window,
    sketch: bytesOf(window.sketch),
  })
  return {
    features: judgedFeatures(store).map(({ baseMs, windows }) => ({ baseMs, windows: windows.map(content) })),
    outcomes: judgedOutcomes(store).map(content),
    featureTrail: featureTrailFrom(store, Number.NEGATIVE_INFINITY),
    outcomeTrail: outcomeTrailFrom(store, Number.NEGATIVE_INFINITY),
  }
}

describe('the windows of a version', () => {
  it('are sums of their panes, whatever comes early, late, twice or never', () => {
    fc.assert(
      fc.property(anyLengths, fc.integer({ min: -50, max: 50 }), anySteps, (lengths, first, steps) => {
        const store = planned(lengths, first)
        const { counted, boundary } = play(store, steps)
        for (const { baseMs, positions, windows } of judgedFeatures(store)) {
          const withScores = baseMs === scoreBaseMsOf(lengths)
          for (const { fromMs, toMs, sketch } of windows) {
            const expected = resummedFeatures(
              counted,
              fromMs / PANE_MS,
              toMs / PANE_MS,
              positions,
              withScores,
            )
            expect(bytesOf(sketch)).toEqual(bytesOf(expected))
            expect(toMs).toBeLessThanOrEqual(boundary * PANE_MS)
          }
        }
        for (const { fromMs, toMs, sketch } of judgedOutcomes(store)) {
          const expected = resummedOutcomes(counted, fromMs / PANE_MS, toMs / PANE_MS)
          expect(bytesOf(sketch)).toEqual(bytesOf(expected))
          expect(toMs).toBeLessThanOrEqual(boundary * PANE_MS - lengths.windows.labelDelayMs)
        }
      }),
    )
  })

  it('have the lengths that were asked for, and end where they should', () => {
    fc.assert(
      fc.property(anyLengths, fc.integer({ min: -50, max: 50 }), anySteps, (lengths, first, steps) => {
        const store = planned(lengths, first)
        const { boundary } = play(store, steps)
        const { longestMs, labelDelayMs, performanceMs } = lengths.windows
        const families = [
          ...judgedFeatures(store).map((family) => ({ ...family, end: boundary * PANE_MS })),
          {
            baseMs: performanceMs,
            windows: judgedOutcomes(store),
            end: boundary * PANE_MS - labelDelayMs,
          },
        ]
        for (const { baseMs, windows, end } of families) {
          const slotMs = (baseMs === 340 * PANE_MS ? 10 : 1) * PANE_MS
          expect(windows[0]).toMatchObject({
            fromMs: Math.floor((end - baseMs) / slotMs) * slotMs,
            toMs: end,
          })
          windows.forEach(({ fromMs, toMs }, level) => {
            const bases = Math.floor((toMs - fromMs) / baseMs)
            expect(bases).toBeGreaterThanOrEqual(2 ** level)
            expect(bases).toBeLessThan(2 ** (level + 1))
            if (level > 0) expect(baseMs * 2 ** level).toBeLessThanOrEqual(longestMs)
            // Of bases of several panes only those that are over.
            expect(toMs).toBe(level === 0 ? end : Math.floor(end / baseMs) * baseMs)
          })
        }
      }),
    )
  })

  it('remember every pane within the horizon in exactly one row, the finer the nearer', () => {
    const longSteps = anySteps.map((steps) => steps.map((s) => ('panes' in s ? { panes: 5 * s.panes } : s)))
    fc.assert(
      fc.property(anyLengths, longSteps, (lengths, steps) => {
        const store = planned(lengths, 0)
        const { counted, boundary } = play(store, steps)
        const { coarse, rows } = featureTrailFrom(store, Number.NEGATIVE_INFINITY)!
        const reach = Math.max(...store.planned!.plan.features.map((f) => f.basePanes * 2 ** f.levels))
        rows.forEach(({ start, counts }, at) => {
          const next = rows[at + 1]?.start ?? boundary * PANE_MS
          expect(next).toBeGreaterThan(start)
          const sum = resummed(counted, start / PANE_MS, next / PANE_MS)!
          // Between this row and the next there may be panes in which nothing came.
          expect(counts).toEqual(coarseCounts(coarse, sum.block!))
        })
        const fine = counted.filter(([pane]) => pane >= boundary - Math.min(70, reach) && pane < boundary)
        const withFeatures = fine.filter(([, { block }]) => block !== null)
        const starts = new Set(rows.map(({ start }) => start / PANE_MS))
        for (const [pane] of withFeatures) expect(starts).toContain(pane)
      }),
    )
  })

  it('do not depend on the order of deltas, on when time moved, or on when their reference came', () => {
    fc.assert(
      fc.property(anyLengths, anySteps, fc.nat({ max: 60 }), (lengths, steps, at) => {
        // Nothing over: what comes too late is dropped in one order and not in the other.
        const recent = steps.map((step) => ('panes' in step ? { panes: Math.min(step.panes, 1) } : step))
        const merges = recent.flatMap((step) => ('pane' in step ? [Math.max(step.pane, -1)] : []))
        const store = planned(lengths, 0)
        const { counted, boundary, firstPane } = play(
          store,
          recent.map((step) => ('pane' in step ? { ...step, pane: Math.max(step.pane, -1) } : step)),
        )
        expect(merges).toHaveLength(counted.length)

        const late = createWindowStore(PANE_MS, 0)
        const plan = planOf(lengths, reference, PANE_MS)
        counted.toReversed().forEach(([pane, sketch], place) => {
          if (place === at) planWindows(late, plan)
          mergeCounts(late, pane * PANE_MS, sketch)
        })
        if (late.planned === null) planWindows(late, plan)
        closeUntil(late, boundary * PANE_MS)
        expect(contentOf(late)).toEqual(contentOf(store))
        expect(store.firstStart).toBe(firstPane === null ? null : firstPane * PANE_MS)
        const eventful = counted.filter(([pane, { events }]) => pane >= 0 && events > 0)
        const first = eventful.length === 0 ? null : Math.min(...eventful.map(([pane]) => pane)) * PANE_MS
        expect(late.firstStart).toBe(first)
      }),
    )
  })
})
