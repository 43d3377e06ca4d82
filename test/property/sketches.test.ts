import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { cellTotal } from '../../src/sketches/cells.ts'
import { decodeDelta, encodeDelta } from '../../src/sketches/delta-codec.ts'
import { binOf, cutGrid } from '../../src/sketches/numeric-grid.ts'
import { addFeatures, countsOf, createPaneSketch, mergePaneSketch } from '../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../src/sketches/performance-counts.ts'
import type { PaneSketch } from '../../src/sketches/types.ts'
import { anyDelta, deltaOf } from '../support/sketch-deltas.ts'
import { anyFeatures, seededNormal, seededUniform, smallReference } from '../support/sketch-samples.ts'

const reference = smallReference()
const layout = layoutOf(reference)

const anyEvent = fc.record({ id: fc.string(), features: anyFeatures, label: fc.constantFrom('yes', 'no') })

type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never

function counted(events: readonly AnyEvent[]): PaneSketch {
  const sketch = createPaneSketch('binary')
  for (const { id, features, label } of events) {
    addFeatures(sketch, layout, features, id)
    // Without a score there are no logarithms, and every number of the sketch is whole.
    addOutcome(sketch.performance, { prediction: 'yes', score: undefined, label, positiveLabel: 'yes' })
  }
  return sketch
}

function bytesOf(sketch: PaneSketch): Uint8Array {
  return encodeDelta(deltaOf([{ model: 'm', version: '1', paneStart: 0, referenceId: null, sketch }]))
}

function merged(sketches: readonly PaneSketch[]): PaneSketch {
  const sum = createPaneSketch('binary')
  for (const sketch of sketches) mergePaneSketch(sum, sketch)
  return sum
}

describe('pane sketches', () => {
  it('merge to the same bytes as counting everything at once, in any split and any order', () => {
    const split = fc.array(fc.array(anyEvent, { maxLength: 8 }), { maxLength: 5 })
    const splitAndOrder = split.chain((parts) =>
      fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })),
    )
    fc.assert(
      fc.property(splitAndOrder, ([parts, shuffled]) => {
        const whole = bytesOf(counted(parts.flat()))
        expect(bytesOf(merged(parts.map(counted)))).toEqual(whole)
        expect(bytesOf(merged(shuffled.map(counted)))).toEqual(whole)
      }),
    )
  })

  it('count every event once in every feature', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const sketch = counted(events)
        for (let position = 0; position < layout.names.length; position++) {
          const feature = countsOf(sketch, layout, position)!
          const { missing, wrongType } = feature.counts
          const inCells = cellTotal(feature.kind === 'numeric' ? feature.counts.bins : feature.counts.cells)
          const odd = feature.kind === 'numeric' ? feature.counts.nan + feature.counts.infinite : 0
          expect(inCells + odd + missing + wrongType).toBe(events.length)
        }
        const unknown = events.flatMap(({ features }) =>
          Object.keys(features).filter((name) => !reference.features.has(name)),
        )
        expect(sketch.unknownFeatures).toBe(unknown.length)
      }),
    )
  })
})

describe('the delta codec', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(anyDelta, (delta) => {
        const bytes = encodeDelta(delta)
        expect(decodeDelta(bytes)).toEqual(delta)
        expect(encodeDelta(decodeDelta(bytes))).toEqual(bytes)
      }),
    )
  })

  /** A delta or DELTA_UNDECODABLE: anything else fails. */
  function decodesOrRefuses(bytes: Uint8Array): boolean {
    try {
      encodeDelta(decodeDelta(bytes))
      return true
    } catch (error) {
      return error instanceof DriftstreamError && error.code === 'DELTA_UNDECODABLE'
    }
  }

  it('refuses random bytes behind a valid beginning', () => {
    const beginning = [0x64, 0x73, 2]
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.of(...beginning, ...bytes))
    fc.assert(
      fc.property(random, (bytes) => {
        expect(decodesOrRefuses(bytes)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })

  it('decodes or refuses a delta with a few bytes changed', () => {
    const whole = encodeDelta(
      deltaOf([{ model: 'm', version: '1', paneStart: 0, referenceId: 'r', sketch: counted([]) }]),
    )
    const change = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(change, (changes) => {
        const bytes = whole.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        expect(decodesOrRefuses(bytes)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('the grid', () => {
  const shapes: Record<string, (seed: number) => () => number> = {
    normal: seededNormal,
    'log-normal': (seed) =>
      (
        (normal) => () =>
          Math.exp(2 * normal())
      )(seededNormal(seed)),
    uniform: seededUniform,
    'few values': (seed) =>
      (
        (uniform) => () =>
          Math.floor(12 * uniform())
      )(seededUniform(seed)),
    'atoms in a continuum': (seed) =>
      (
        (uniform) => () =>
          uniform() < 0.4 ? Math.floor(3 * uniform()) : 3 * uniform()
      )(seededUniform(seed)),
    'over 600 decades': (seed) =>
      (
        (uniform) => () =>
          10 ** (600 * uniform() - 300)
      )(seededUniform(seed)),
    constant: () => () => 7,
  }

  // For x inside bin j both distribution functions lie between their values at the bin's edges, so the
  // distance inside exceeds that at the edges by at most the reference's mass in the bin.
  it('bounds the Kolmogorov-Smirnov distance within its largest reference bin, whatever comes', () => {
    const names = Object.keys(shapes)
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(...names),
        fc.integer(),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (referenceShape, windowShape, seed, shift) => {
          const drawReference = shapes[referenceShape]!(seed)
          const drawWindow = shapes[windowShape]!(seed + 1)
          const sample = Float64Array.from({ length: 3000 }, drawReference).sort()
          const window = Float64Array.from({ length: 1000 }, () => drawWindow() + shift).sort()
          const { edges } = cutGrid(sample)
          const masses = shares(edges, sample)
          const onGrid = distanceOnGrid(masses, shares(edges, window))
          const exact = exactDistance(sample, window)
          expect(exact).toBeGreaterThanOrEqual(onGrid - 1e-12)
          expect(exact - onGrid).toBeLessThanOrEqual(Math.max(...masses) + 1e-12)
        },
      ),
      { numRuns: 60 },
    )
  })
})

function shares(edges: Float64Array, values: Float64Array): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (const x of values) counts[binOf(edges, x)]!++
  return counts.map((count) => count / values.length)
}

/** The largest difference of the two distribution functions at the edges. */
function distanceOnGrid(p: readonly number[], q: readonly number[]): number {
  let difference = 0
  let largest = 0
  for (let bin = 0; bin < p.length; bin++) {
    difference += p[bin]! - q[bin]!
    largest = Math.max(largest, Math.abs(difference))
  }
  return largest
}

/** The two-sample statistic from the sorted samples themselves. */
function exactDistance(a: Float64Array, b: Float64Array): number {
  let largest = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = Math.min(a[i]!, b[j]!)
    while (i < a.length && a[i] === x) i++
    while (j < b.length && b[j] === x) j++
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length))
  }
  return largest
}
