import { describe, expect, it } from 'vitest'
import { createJsonDecoder, EVENT_BYTES_MAX } from '../../../src/events/decode-source-event.ts'
import { FEATURES_MAX, featureEventExample } from '../../../src/events/feature-event.ts'
import { labelEventExample } from '../../../src/events/label-event.ts'
import { DEFAULT_MAPPING } from '../../../src/events/mapping.ts'

const decoder = createJsonDecoder(DEFAULT_MAPPING)
const bytes = (event: unknown) => Buffer.from(JSON.stringify(event))

describe('createJsonDecoder', () => {
  it('takes what needs no conversion as it is', () => {
    expect(decoder.feature(bytes(featureEventExample))).toEqual(featureEventExample)
    expect(decoder.label(bytes(labelEventExample))).toEqual(labelEventExample)
  })

  it('converts numbers as ids and versions, and ISO 8601 times', () => {
    const event = { ...featureEventExample, id: 17, version: 2, at: '2001-01-29T07:15:00+01:00' }
    expect(decoder.feature(bytes(event))).toEqual({
      ...featureEventExample,
      id: '17',
      version: '2',
      at: featureEventExample.at,
    })
  })

  it('keeps a feature called __proto__ and text beyond ASCII', () => {
    const json =
      '{"model":"m","version":"1","id":"a","at":0,"prediction":1,"features":{"__proto__":7,"ville":"Zürich \uFFFD"}}'
    const { features } = decoder.feature(Buffer.from(json))
    expect(Object.entries(features)).toEqual([
      ['__proto__', 7],
      ['ville', 'Zürich \uFFFD'],
    ])
  })

  it('says once what came where no event can be made of it', () => {
    expect(() => decoder.feature(Buffer.from('null'))).toThrow(/^event: expected object, got null$/)
    expect(() => decoder.label(Buffer.from('[1]'))).toThrow(/^event: expected object, got \[1\]$/)
  })

  it('names every fault with its place, what was expected and what came', () => {
    const event = { ...featureEventExample, model: 'no spaces', at: 'yesterday', features: [1] }
    expect(() => decoder.feature(bytes(event))).toThrow(
      [
        'model: expected 1 to 100 of [a-zA-Z0-9._-], got "no spaces"',
        'at: expected epoch milliseconds or ISO 8601 with a zone, got "yesterday"',
        `features: expected an object of at most ${FEATURES_MAX} numbers, strings, booleans or nulls, got [1]`,
      ].join('\n'),
    )
  })

  it('bounds the features of an event and its bytes', () => {
    const many = Object.fromEntries(Array.from({ length: FEATURES_MAX + 1 }, (_, i) => [`f${i}`, i]))
    expect(() => decoder.feature(bytes({ ...featureEventExample, features: many }))).toThrow(
      `${FEATURES_MAX}`,
    )
    const classes = (count: number) =>
      bytes({
        ...featureEventExample,
        score: Object.fromEntries(Array.from({ length: count }, (_, i) => [i, 0])),
      })
    expect(decoder.feature(classes(1_000)).score).toHaveProperty('999')
    expect(() => decoder.feature(classes(1_001))).toThrow('score: expected a probability, or one a class')
    const outcome = (length: number) => bytes({ ...labelEventExample, label: 'x'.repeat(length) })
    expect(decoder.label(outcome(512)).label).toHaveLength(512)
    expect(() => decoder.label(outcome(513))).toThrow('label: expected a number, a text of at most 512')
    expect(() => decoder.label(Buffer.alloc(EVENT_BYTES_MAX + 1, 0x20))).toThrow(
      expect.objectContaining({ code: 'EVENT_TOO_LARGE' }),
    )
  })

  it('reads other shapes through a mapping', () => {
    const { feature, label } = DEFAULT_MAPPING
    const mapped = createJsonDecoder({
      feature: {
        ...feature,
        id: 'meta.key',
        at: 'meta.time',
        features: 'payload',
        score: 'out.p',
        prediction: 'out.y',
      },
      label: { ...label, label: 'truth.value' },
    })
    const { id, at, features, score, prediction, model, version } = featureEventExample
    const theirs = {
      model,
      version,
      meta: { key: id, time: at },
      payload: features,
      out: { p: score, y: prediction },
    }
    expect(mapped.feature(bytes(theirs))).toEqual(featureEventExample)
    const { label: value, ...rest } = labelEventExample
    expect(mapped.label(bytes({ ...rest, truth: { value } }))).toEqual(labelEventExample)
    expect(() => mapped.label(bytes(rest))).toThrow(
      'label: expected a number, a text of at most 512 characters, true or false, got nothing',
    )
  })
})
