import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import { CATEGORICAL, createBlockShape, NUMERIC } from '../../../src/sketches/block-shape.ts'
import { ByteWriter } from '../../../src/sketches/byte-writer.ts'
import type { DeltaEntry } from '../../../src/sketches/delta.ts'
import {
  DELTA_CELLS_MAX,
  decodeDelta,
  encodeDelta,
  encodedEntryBytes,
} from '../../../src/sketches/delta-codec.ts'
import { createFeatureBlock } from '../../../src/sketches/feature-block.ts'
import { createPairedLosses } from '../../../src/sketches/paired-losses.ts'
import { addFeatures, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import { deltaOf } from '../../support/sketch-deltas.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const reference = smallReference()

function entryOf(events: number): DeltaEntry {
  const sketch = createPaneSketch('binary')
  for (let i = 0; i < events; i++)
    addFeatures(sketch, layoutOf(reference), { x: i % 500, c: `c${i % 5}` }, `e${i}`)
  return { model: 'small', version: '1', paneStart: -3_600_000, referenceId: reference.id, sketch }
}

/** The bytes of a delta up to its entries, which a test then writes as it likes. */
function header(): ByteWriter {
  const writer = new ByteWriter()
  const bytes = encodeDelta(deltaOf([]))
  for (const byte of bytes.subarray(0, -1)) writer.byte(byte)
  return writer
}

function faultOf(bytes: Uint8Array): string {
  try {
    decodeDelta(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(DriftstreamError)
    expect((error as DriftstreamError).code).toBe('DELTA_UNDECODABLE')
    return (error as DriftstreamError).message
  }
  return expect.fail('expected DELTA_UNDECODABLE, got a delta')
}

describe('encodeDelta', () => {
  it('gives what decodeDelta takes, also without entries', () => {
    for (const delta of [deltaOf([]), deltaOf([entryOf(0), entryOf(1), entryOf(2000)])]) {
      expect(decodeDelta(encodeDelta(delta))).toEqual(delta)
    }
  })

  it('is small where few cells are filled', () => {
    // In memory the counts of `x` alone take 2 KB.
    expect(encodedEntryBytes(entryOf(0))).toBeLessThan(150)
    expect(encodedEntryBytes(entryOf(10))).toBeLessThan(200)
  })

  it('refuses more cells than a reader would allocate', () => {
    const kinds = new Uint8Array(257).fill(CATEGORICAL)
    const block = createFeatureBlock(createBlockShape(kinds, new Uint32Array(257).fill(65_538)))
    const sketch = {
      events: 0,
      unknownFeatures: 0,
      block,
      performance: createPerformanceCounts('regression'),
    }
    expect(() => encodeDelta(deltaOf([{ ...entryOf(0), sketch }]))).toThrow(/at most 16777216 cells/)
  })
})

describe('decodeDelta', () => {
  const bytes = encodeDelta(deltaOf([entryOf(50)]))

  it('refuses every truncation', () => {
    for (let length = 0; length < bytes.length; length++) faultOf(bytes.subarray(0, length))
    expect(faultOf(bytes.subarray(0, 40))).toContain('at byte')
  })

  it('reads bytes in the middle of a buffer', () => {
    const around = new Uint8Array(bytes.length + 20)
    around.set(bytes, 7)
    expect(decodeDelta(around.subarray(7, 7 + bytes.length))).toEqual(decodeDelta(bytes))
  })

  it('refuses trailing bytes, another magic and another version', () => {
    expect(faultOf(Uint8Array.of(...bytes, 0))).toContain('expected the end, got 1 more bytes')
    expect(faultOf(Uint8Array.of(0x7b, ...bytes.subarray(1)))).toContain('magic')
    expect(faultOf(Uint8Array.of(...bytes.subarray(0, 2), 1, ...bytes.subarray(3)))).toContain('version')
  })

  it('reads what the versions before wrote, and names those it reads', () => {
    // Delays are a part of their own, behind all others. Pairs stand before the entries: there are none.
    const pairsAt = encodeDelta(deltaOf([])).length - 2
    for (const version of [3, 4]) {
      const before = [...bytes.subarray(3, pairsAt), ...bytes.subarray(pairsAt + 1)]
      expect(decodeDelta(Uint8Array.of(...bytes.subarray(0, 2), version, ...before))).toEqual(
        decodeDelta(bytes),
      )
    }
    const later = Uint8Array.of(...bytes.subarray(0, 2), 6, ...bytes.subarray(3))
    expect(faultOf(later)).toContain('version 2, 3, 4 or 5')
  })

  it('refuses pairs that count more of a kind than there are, and digits that are none', () => {
    const losses = { ...createPairedLosses(), n: 2, split: 3 }
    const pair = { model: 'm', first: '1', second: '2', paneStart: 0, losses }
    expect(faultOf(encodeDelta({ ...deltaOf([]), pairs: [pair] }))).toContain('at most 2 pairs')
    const sums = new Float64Array(6).fill(0.5)
    const odd = { ...pair, losses: { ...losses, split: 1, sums } }
    expect(faultOf(encodeDelta({ ...deltaOf([]), pairs: [odd] }))).toContain('a digit of a sum')
  })

  it('refuses lengths that the bytes cannot hold', () => {
    const entries = header()
    entries.varint(2 ** 40)
    expect(faultOf(entries.finish())).toContain('expected a number of entries up to 0')

    const text = header()
    text.varint(1)
    text.varint(2 ** 50)
    for (let i = 0; i < 20; i++) text.byte(0)
    expect(faultOf(text.finish())).toMatch(/more bytes/)
  })

  it('allocates no more cells than allowed, however few bytes ask for them', () => {
    const writer = header()
    const features = 1 + Math.floor(DELTA_CELLS_MAX / 65_538)
    writer.varint(1)
    for (const name of ['m', '1']) writer.text(name)
    writer.float64(0)
    writer.byte(0)
    for (const value of [0, 0, 1, features]) writer.varint(value)
    // Categorical features of 65538 cells each, none of them filled.
    for (let i = 0; i < features; i++) writer.varint(2 * 65_538 + 1)
    for (let i = 0; i < features; i++) writer.byte(0)
    expect(faultOf(writer.finish())).toMatch(/expected at most 16777216 more cells, got 16\d+/)
  })

  /** What is said of an entry with one feature: its kind and cells, then these numbers. */
  function oneFeature(kind: number, cells: number, ...rest: number[]): string {
    const writer = header()
    writer.varint(1)
    for (const name of ['m', '1']) writer.text(name)
    writer.float64(0)
    writer.byte(0)
    for (const value of [0, 0, 1, 1, 2 * cells + kind, ...rest]) writer.varint(value)
    // Enough that no length is refused for want of bytes.
    for (let i = 0; i < 100; i++) writer.byte(0)
    return faultOf(writer.finish())
  }

  it('refuses cells beyond their list, counts beyond 32 bits and impossible shapes', () => {
    expect(oneFeature(CATEGORICAL, 3)).toContain('at least 4 cells')
    expect(oneFeature(NUMERIC, 36)).toContain('at least 37 cells')
    expect(oneFeature(CATEGORICAL, 65_541)).toContain('a kind and a number of cells up to')
    expect(oneFeature(CATEGORICAL, 5, 3)).toContain('a form of cells')
    expect(oneFeature(CATEGORICAL, 5, 2, 6)).toContain('a number of filled cells up to 5')
    expect(oneFeature(CATEGORICAL, 5, 2, 1, 4 * 5)).toContain('a cell below 5')
    expect(oneFeature(CATEGORICAL, 5, 2, 2, 4 * 4, 0)).toContain('a cell below 5')
    expect(oneFeature(CATEGORICAL, 5, 2, 1, 3, 2 ** 32 - 4)).toContain('a count up to 4294967291')
    expect(oneFeature(CATEGORICAL, 5, 1, 0, 0, 2 ** 32)).toContain('a count up to 4294967295')
  })

  it('refuses carries and samples that no block can have', () => {
    expect(oneFeature(CATEGORICAL, 5, 0, 1, 5, 1)).toContain('a cell below 5')
    expect(oneFeature(CATEGORICAL, 5, 0, 1, 0, 0)).toContain('a high word above 0')
    expect(oneFeature(CATEGORICAL, 5, 0, 1, 0, 2 ** 21)).toContain('a high word up to 2097151')
    expect(oneFeature(CATEGORICAL, 5, 0, 0, 1, 1)).toContain('a categorical feature after -1')
    expect(oneFeature(NUMERIC, 40, 0, 0, 1, 0)).toContain('a categorical feature after -1')
    expect(oneFeature(CATEGORICAL, 5, 0, 0, 1, 0, 65)).toContain('a number of values up to 64')
    expect(oneFeature(CATEGORICAL, 5, 0, 0, 1, 0, 1, 0, 65)).toContain('a number of occurrences up to 64')
    expect(oneFeature(CATEGORICAL, 5, 0, 0, 1, 0, 1, 0, 0)).toContain('an empty one')
    expect(oneFeature(CATEGORICAL, 5, 0, 0, 1, 0, 2, 0, 1, 7, 0, 1, 8)).toContain('each value once')
  })
})
