import { describe, expect, it } from 'vitest'
import { createJsonDecoder, EVENT_BYTES_MAX } from '../../../../src/events/decode-source-event.ts'
import { createFeatureExtractor } from '../../../../src/events/extract/feature-extractor.ts'
import { FEATURES_MAX, featureEventExample } from '../../../../src/events/feature-event.ts'
import { DEFAULT_MAPPING } from '../../../../src/events/mapping.ts'
import { ALWAYS, createAgreement } from '../../../support/extract-agreement.ts'

const bytes = (event: unknown) => Buffer.from(JSON.stringify(event))
const { features: _, ...exampleFields } = featureEventExample

describe('createFeatureExtractor', () => {
  it('decodes the first event of its kind and reads all others', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING)
    for (let event = 0; event < 5; event++) {
      expect(extractor.extract(bytes(featureEventExample))).toMatchObject(exampleFields)
    }
    expect([extractor.readCount, extractor.decodedCount]).toEqual([4, 1])
  })

  it('hands out the selected features, read or decoded, and counts the others', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING)
    const mixed = ['distance', 'origin', 'gone', 'hour']
    const numbers = ['hour', 'distance']
    for (let event = 0; event < 3; event++) {
      const { features } = extractor.extract(bytes(featureEventExample))
      expect(features.valuesOf(mixed)).toMatchObject({ values: [328, 'DEN', undefined, 6], others: 2 })
      expect(features.valuesOf(numbers)).toMatchObject({ values: [6, 328], others: 3 })
      expect(features.valuesOf([])).toMatchObject({ values: [], others: 5 })
      expect(features.valuesOf(mixed)).toMatchObject({ values: [328, 'DEN', undefined, 6], others: 2 })
    }
    expect(extractor.readCount).toBe(2)
  })

  it('says of a missing feature that it is missing, whatever came before', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING)
    const names = ['a', 'b']
    const seen = (features: Record<string, unknown>) => {
      const event = extractor.extract(bytes({ ...featureEventExample, features }))
      const { values, others } = event.features.valuesOf(names)
      return [...values, others]
    }
    for (let round = 0; round < 3; round++) {
      expect(seen({ a: 1, b: 2 })).toEqual([1, 2, 0])
      expect(seen({ b: 'x', c: 3 })).toEqual([undefined, 'x', 1])
      expect(seen({ a: null, b: false })).toEqual([null, false, 0])
      expect(seen({})).toEqual([undefined, undefined, 0])
    }
    expect(extractor.readCount).toBeGreaterThan(8)
  })

  it('finds the places of a selection again after more features were learned', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING, ALWAYS)
    const names = ['late']
    for (const features of [{ a: 1 }, { a: 1 }, { a: 1, late: 5 }, { late: 6 }]) {
      const event = extractor.extract(bytes({ ...featureEventExample, features }))
      expect(event.features.valuesOf(names).values).toEqual(['late' in features ? features.late : undefined])
    }
  })

  it('refuses what the decoder refuses, in the same words, and goes on', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING)
    const decoder = createJsonDecoder(DEFAULT_MAPPING)
    const many = Object.fromEntries(Array.from({ length: FEATURES_MAX + 1 }, (_, i) => [`f${i}`, i]))
    const { model: _, ...nameless } = featureEventExample
    const refused = [
      null,
      Buffer.alloc(0),
      Buffer.from('{"model":'),
      Buffer.alloc(EVENT_BYTES_MAX + 1, 0x20),
      Buffer.from([0xef, 0xbb, 0xbf, ...bytes(featureEventExample)]),
      bytes(nameless),
      bytes({ ...featureEventExample, features: many }),
      bytes({ ...featureEventExample, at: 'yesterday', score: null }),
    ]
    for (const value of refused) {
      const refusal = (read: () => unknown): unknown => {
        try {
          return read()
        } catch (error) {
          const { code, message } = error as { code: string; message: string }
          return { code, message }
        }
      }
      const expected = refusal(() => decoder.feature(value))
      expect(expected).toHaveProperty('code')
      expect(refusal(() => extractor.extract(value))).toEqual(expected)
      expect(extractor.extract(bytes(featureEventExample))).toMatchObject(exampleFields)
    }
  })

  it('keeps to every limit of the schema', () => {
    const agreement = createAgreement(DEFAULT_MAPPING, [Object.keys(featureEventExample.features)])
    const at = (field: string, values: readonly unknown[]) =>
      values.map((value) => ({ ...featureEventExample, [field]: value }))
    const text = (length: number) => 'x'.repeat(length)
    const events = [
      ...at('model', [text(100), text(101), '', 'é', 'a b', 7, null]),
      ...at('version', [text(100), text(101), '', 'é'.repeat(100), 2, -0, 1.5, null, true]),
      ...at('id', [text(512), text(513), '', '東'.repeat(512), '東'.repeat(513), 17, -1.5e-7, null, {}]),
      ...at('at', [0, -1, 1.5, '2001-01-29T06:15:00Z', '2001-01-29T06:15:00', '', null, true]),
      ...at('prediction', [0, -0, 'no', '', text(512), text(513), true, null, [], {}]),
      ...at('score', [0, 'a', null, true, {}, { a: 1 }, { a: 'b' }, { a: null }, [1]]),
      ...at(
        'score',
        [1_000, 1_001].map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i, 0]))),
      ),
      ...at('segment', [text(200), text(201), 'é'.repeat(200), '', 5, null, {}]),
      ...at('features', [{}, null, [], 5, { a: {} }, { a: [] }, { a: null }]),
    ]
    for (let round = 0; round < 2; round++) {
      for (const event of events) expect(agreement.feature(bytes(event)), JSON.stringify(event)).toBeNull()
    }
    expect(agreement.readCount).toBeGreaterThan(20)
  })

  it('takes a score by class as the schema does', () => {
    const agreement = createAgreement(DEFAULT_MAPPING, [['hour']])
    const scores = [
      '{"b":0.5,"a":0.5,"1":0}',
      '{"a":1e999}',
      '{"__proto__":1}',
      '{"a":1,"a":2}',
      '{"\\u0061":1}',
      '{}',
    ]
    for (const score of [...scores, ...scores]) {
      const record = bytes({ ...featureEventExample, score: 'S' })
        .toString()
        .replace('"S"', score)
      expect(agreement.feature(Buffer.from(record)), score).toBeNull()
    }
    expect(agreement.readCount).toBeGreaterThan(5)
  })

  it('stays right, and pauses, while every event has other features', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING)
    const names = ['kept']
    for (let event = 0; event < 3000; event++) {
      const features = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${event}_${i}`, i]))
      const read = extractor.extract(
        bytes({ ...featureEventExample, features: { kept: event, ...features } }),
      )
      expect(read.features.valuesOf(names)).toMatchObject({ values: [event], others: 20 })
    }
    expect(extractor.readCount).toBe(0)
  })

  it('reads again once the events are alike, also when its table had been filled with others', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING, { ...ALWAYS, hopeless: true })
    const names = ['distance', 'f7_3']
    for (let event = 0; event < 1000; event++) {
      const features = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${event}_${i}`, i]))
      extractor.extract(bytes({ ...featureEventExample, features }))
    }
    expect(extractor.readCount).toBe(0)
    for (let event = 0; event < 10; event++) {
      const { features } = extractor.extract(bytes(featureEventExample))
      expect(features.valuesOf(names).values).toEqual([328, undefined])
    }
    expect(extractor.readCount).toBe(9)
  })

  it('stops learning when its table is full, and goes on reading what it knows', () => {
    const extractor = createFeatureExtractor(DEFAULT_MAPPING, ALWAYS)
    for (let event = 0; event < 1000; event++) {
      const features = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${event}_${i}`, i]))
      extractor.extract(bytes({ ...featureEventExample, features }))
    }
    extractor.extract(bytes({ ...featureEventExample, features: { f0_0: 1 } }))
    expect(extractor.readCount).toBe(1)
    extractor.extract(bytes(featureEventExample))
    extractor.extract(bytes(featureEventExample))
    expect(extractor.readCount).toBe(1)
  })
})
