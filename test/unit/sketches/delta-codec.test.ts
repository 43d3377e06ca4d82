import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'
import { ByteWriter } from '../../../src/sketches/byte-writer.ts'
import type { DeltaEntry } from '../../../src/sketches/delta.ts'
import {
  DELTA_CELLS_MAX,
  decodeDelta,
  encodeDelta,
  encodedEntryBytes,
} from '../../../src/sketches/delta-codec.ts'
import { addFeatures, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import { deltaOf } from '../../support/sketch-deltas.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const reference = smallReference()

function entryOf(events: number): DeltaEntry {
  const sketch = createPaneSketch(reference, 'binary')
  for (let i = 0; i < events; i++) addFeatures(sketch, reference, { x: i % 500, c: `c${i % 5}` })
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
    const cells = new Uint32Array(65_538)
    const features = new Map(
      Array.from({ length: 257 }, (_, i) => [
        `f${i}`,
        { kind: 'categorical' as const, counts: { cells, missing: 0, wrongType: 0 } },
      ]),
    )
    const sketch = {
      events: 0,
      unknownFeatures: 0,
      features,
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
    expect(faultOf(Uint8Array.of(...bytes.subarray(0, 2), 2, ...bytes.subarray(3)))).toContain('version')
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
    for (const value of [0, 0, features]) writer.varint(value)
    for (let i = 0; i < features; i++) {
      writer.text(`f${i}`)
      writer.byte(1)
      // Nothing missing, nothing of the wrong type, 65538 cells, none of them filled.
      for (const value of [0, 0, 65_538, 1]) writer.varint(value)
    }
    expect(faultOf(writer.finish())).toMatch(/expected at most \d+ more cells, got 65538/)
  })

  it('refuses cells beyond their list, counts beyond 32 bits and a feature twice', () => {
    const oneFeature = (...cells: number[]) => {
      const writer = header()
      writer.varint(1)
      for (const name of ['m', '1']) writer.text(name)
      writer.float64(0)
      writer.byte(0)
      for (const value of [0, 0, 2]) writer.varint(value)
      for (let i = 0; i < 2; i++) {
        writer.text('same')
        writer.byte(1)
        for (const value of [0, 0, 3, ...cells]) writer.varint(value)
      }
      writer.byte(2)
      return faultOf(writer.finish())
    }
    expect(oneFeature(2, 3, 1)).toContain('a cell below 3')
    expect(oneFeature(3, 0, 1, 2, 1)).toContain('a cell below 3')
    expect(oneFeature(5, 0, 1)).toContain('at most 3 filled cells')
    expect(oneFeature(0, 1, 2, 2 ** 32)).toContain('a count up to 4294967295')
    expect(oneFeature(0, 1, 2, 3)).toContain('each feature once')
  })
})
