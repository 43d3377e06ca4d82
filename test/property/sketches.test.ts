import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coarsen, sumGroups } from '../../src/detectors/coarsen.ts'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { cellTotal } from '../../src/sketches/cells.ts'
import { decodeDelta, encodeDelta } from '../../src/sketches/delta-codec.ts'
import { binOf, cutGrid } from '../../src/sketches/numeric-grid.ts'
import { addFeatures, countsOf, createPaneSketch, mergePaneSketch } from '../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../src/sketches/performance-counts.ts'
import type { PaneSketch } from '../../src/sketches/types.ts'
import { populationStability } from '../../src/statistics/psi.ts'
import { drawShape, NUMERIC_SHAPES } from '../support/numeric-shapes.ts'
import { anyDelta, deltaOf } from '../support/sketch-deltas.ts'
import { anyFeatures, smallReference } from '../support/sketch-samples.ts'

const reference = smallReference()
const layout = layoutOf(reference)

const anyEvent = fc.record({ id: fc.string(), features: anyFeatures, label: fc.constantFrom('yes', 'no') })

type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never

function sketched(events: readonly AnyEvent[]): PaneSketch {
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
        const whole = bytesOf(sketched(parts.flat()))
        expect(bytesOf(merged(parts.map(sketched)))).toEqual(whole)
        expect(bytesOf(merged(shuffled.map(sketched)))).toEqual(whole)
      }),
    )
  })

  it('count every event once in every feature', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const sketch = sketched(events)
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
      deltaOf([{ model: 'm', version: '1', paneStart: 0, referenceId: 'r', sketch: sketched([]) }]),
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
  // For x inside bin j both distribution functions lie between their values at the bin's edges, so the
  // distance inside exceeds that at the edges by at most the reference's mass in the bin.
  it('bounds the Kolmogorov-Smirnov distance within its largest reference bin, whatever comes', () => {
    const names = Object.keys(NUMERIC_SHAPES)
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(...names),
        fc.integer(),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (referenceShape, windowShape, seed, shift) => {
          const sample = Float64Array.from(drawShape(referenceShape, seed, 3000))
          const window = Float64Array.from(drawShape(windowShape, seed + 1, 1000), (x) => x + shift).sort()
          const { edges } = cutGrid(sample)
          sample.sort()
          const masses = shares(edges, sample)
          const onGrid = distanceOnGrid(masses, shares(edges, window))
          const exact = exactDistance(sample, window)
          expect(exact).toBeGreaterThanOrEqual(onGrid - 1e-12)
          expect(exact - onGrid).toBeLessThanOrEqual(Math.max(...masses) + 1e-12)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('gives the stability index of the raw values on any coarser edges', () => {
    const names = Object.keys(NUMERIC_SHAPES)
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.integer(),
        fc.integer({ min: 2, max: 30 }),
        (name, seed, groupsMax) => {
          const sample = Float64Array.from(drawShape(name, seed, 2000))
          const window = Float64Array.from(drawShape(name, seed + 1, 1000), (x) => 1.1 * x)
          const { edges } = cutGrid(sample)
          const fine = { window: counted(edges, window), reference: counted(edges, sample) }
          const groups = coarsen(fine.reference, groupsMax)
          const coarse = edges.filter((_, at) => groups[at] !== groups[at + 1])
          expect(
            populationStability(sumGroups(fine.window, groups), sumGroups(fine.reference, groups)),
          ).toEqual(populationStability(counted(coarse, window), counted(coarse, sample)))
        },
      ),
      { numRuns: 60 },
    )
  })
})

function counted(edges: Float64Array, values: Float64Array): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (const x of values) counts[binOf(edges, x)]!++
  return counts
}

function shares(edges: Float64Array, values: Float64Array): number[] {
  return counted(edges, values).map((count) => count / values.length)
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
