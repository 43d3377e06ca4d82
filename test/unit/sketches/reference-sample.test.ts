import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RowSample, type SampledRow, sampledRow } from '../../../src/sketches/reference-sample.ts'
import {
  decodeReferenceSample,
  encodeReferenceSample,
  isReferenceSample,
} from '../../../src/sketches/reference-sample-codec.ts'
import { samplingRank } from '../../../src/sketches/sampling-rank.ts'

const rowOf = (rank: number): SampledRow => ({ rank, values: [rank], prediction: null })

const value = fc.oneof(
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'binary' }),
)
const sample = fc
  .uniqueArray(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor')), { maxLength: 5 })
  .chain((features) =>
    fc.record({
      task: fc.nat(),
      model: fc.string(),
      version: fc.string({ unit: 'binary' }),
      paneStart: fc.integer(),
      features: fc.constant(features),
      rows: fc.array(
        fc.record({
          rank: fc.maxSafeNat(),
          values: fc.array(value, { minLength: features.length, maxLength: features.length }),
          prediction: fc.option(fc.string()),
        }),
        { minLength: 1 },
      ),
    }),
  )

describe('samplingRank', () => {
  it('is the same everywhere: pinned values', () => {
    expect(['', 'a', 'm0-0', 'm0-1'].map(samplingRank)).toEqual(PINNED)
  })

  it('spreads numbered ids evenly', () => {
    const tenths = new Array(10).fill(0)
    for (let id = 0; id < 20_000; id++) tenths[Math.floor((10 * samplingRank(`event-${id}`)) / 2 ** 53)]++
    // 2000 each, with a standard deviation of 42.
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(250)
    const ranks = new Set(Array.from({ length: 20_000 }, (_, id) => samplingRank(`event-${id}`)))
    expect(ranks.size).toBe(20_000)
  })
})

describe('RowSample', () => {
  it('keeps the least ranks, whatever the order, the repetitions and the detours', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 300 }),
        (ranks, max, split) => {
          const [one, two] = [new RowSample(max), new RowSample(max)]
          for (const [at, rank] of ranks.entries()) (at < split ? one : two).add(rowOf(rank))
          two.addAll(one)
          const expected = [...new Set(ranks)].sort((a, b) => a - b).slice(0, max)
          expect(two.rows().map(({ rank }) => rank)).toEqual(expected)
          expect(two.size).toBeLessThan(2 * max)
        },
      ),
    )
  })
})

describe('sampledRow', () => {
  it('takes finite numbers and categories, and nothing else', () => {
    const types = ['numeric', 'numeric', 'numeric', 'categorical', 'categorical', 'categorical'] as const
    const values = [1.5, '2', Number.POSITIVE_INFINITY, 7, 'k'.repeat(257), undefined]
    expect(sampledRow(9, types, values, true)).toEqual({
      rank: 9,
      values: [1.5, null, null, '7', null, null],
      prediction: 'true',
    })
  })
})

describe('the wire of a sample', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(sample, (written) => {
        const parts = encodeReferenceSample(written)
        expect(parts).toHaveLength(1)
        expect(isReferenceSample(parts[0]!)).toBe(true)
        expect(decodeReferenceSample(parts[0]!)).toEqual(written)
      }),
    )
  })

  it('is cut where it would be too large for a record, and leaves out a row that is', () => {
    const texts = Array.from({ length: 100 }, (_, at) => `${at}`.padEnd(256, 'ü'))
    const rows = Array.from({ length: 40 }, (_, rank) => ({ rank, values: texts, prediction: null }))
    const huge = { rank: 99, values: texts.map((text) => text.repeat(10)), prediction: null }
    const features = texts.map((_, at) => `f${at}`)
    const written = { task: 0, model: 'm', version: '1', paneStart: 0, features, rows: [huge, ...rows] }
    const parts = encodeReferenceSample(written)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(part.length).toBeLessThan(600_000)
    expect(parts.flatMap((part) => decodeReferenceSample(part).rows)).toEqual(rows)
    expect(encodeReferenceSample({ ...written, rows: [] })).toEqual([])
  })

  it('refuses every truncation and every other byte string, at once', () => {
    const [bytes] = encodeReferenceSample({
      task: 1,
      model: 'm',
      version: '1',
      paneStart: 60_000,
      features: ['x', 'c'],
      rows: [{ rank: 5, values: [1.5, 'red'], prediction: '1' }],
    })
    for (let length = 0; length < bytes!.length; length++) {
      expect(() => decodeReferenceSample(bytes!.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: 'DELTA_UNDECODABLE' }),
      )
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const framed = Uint8Array.from([0x72, 0x73, 1, ...noise])
        try {
          decodeReferenceSample(framed)
        } catch (error) {
          expect(error).toMatchObject({ code: 'DELTA_UNDECODABLE' })
        }
      }),
    )
    const twice = encodeReferenceSample({
      task: 1,
      model: 'm',
      version: '1',
      paneStart: 0,
      features: ['x', 'x'],
      rows: [{ rank: 5, values: [1, 2], prediction: null }],
    })
    expect(() => decodeReferenceSample(twice[0]!)).toThrowError(/each feature once/)
  })
})

const PINNED = [8580638539646860, 195385088728583, 8196609235151317, 4221280138350687]
