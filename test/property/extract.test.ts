import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BackOff } from '../../src/events/extract/back-off.ts'
import { featureEventExample } from '../../src/events/feature-event.ts'
import { labelEventExample } from '../../src/events/label-event.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import { createAgreement } from '../support/extract-agreement.ts'
import { fuzzExtract } from '../support/fuzz-extract.ts'

const NAMES = ['a', 'b', 'c', '__proto__', 'constructor', 'größe', '']

const scalar = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
)

/** Feature events with any names and values, some with a field that any JSON may be. */
const event = fc
  .record({
    features: fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 3 })), scalar, {
      noNullPrototype: true,
    }),
    id: fc.oneof(fc.string({ minLength: 1 }), fc.double({ noNaN: true })),
    field: fc.constantFrom(
      'model',
      'version',
      'id',
      'at',
      'prediction',
      'score',
      'segment',
      'other',
      'features',
    ),
    value: fc.option(fc.jsonValue(), { nil: undefined, freq: 1 }),
    odd: fc.boolean(),
  })
  .map(({ features, id, field, value, odd }) => ({
    ...featureEventExample,
    features,
    id,
    ...(odd ? { [field]: value } : {}),
  }))

const spaces = fc.constantFrom<string | number | undefined>(undefined, undefined, 1, 2, '\t')

/** A few bytes of a record exchanged for others. */
const faults = fc.array(
  fc.record({ at: fc.nat(), remove: fc.nat({ max: 4 }), insert: fc.uint8Array({ maxLength: 4 }) }),
  {
    maxLength: 2,
  },
)

function broken(
  text: string,
  changes: readonly { at: number; remove: number; insert: Uint8Array }[],
): Buffer {
  return changes.reduce<Buffer>((bytes, { at, remove, insert }) => {
    const from = at % (bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)])
  }, Buffer.from(text))
}

describe('extractors', () => {
  it('say of every feature event what the decoder says', () => {
    const agreement = createAgreement(DEFAULT_MAPPING, [NAMES, ['c', 'never']])
    fc.assert(
      fc.property(event, spaces, faults, (given, space, changes) => {
        expect(agreement.feature(broken(JSON.stringify(given, null, space), changes))).toBeNull()
      }),
      { numRuns: 4000 },
    )
    expect(agreement.readCount).toBeGreaterThan(200)
  })

  it('say of every label event what the decoder says', () => {
    const agreement = createAgreement(DEFAULT_MAPPING, [])
    const label = fc
      .record({
        id: fc.oneof(fc.string(), fc.integer()),
        label: scalar,
        at: fc.oneof(fc.integer(), fc.date().map(String)),
      })
      .map((fields) => ({ ...labelEventExample, ...fields }))
    fc.assert(
      fc.property(label, spaces, faults, (given, space, changes) => {
        expect(agreement.label(broken(JSON.stringify(given, null, space), changes))).toBeNull()
      }),
      { numRuns: 4000 },
    )
    expect(agreement.readCount).toBeGreaterThan(200)
  })

  it('say the same whether they try every record or pause', () => {
    const streams = fc.array(fc.oneof(event, fc.constant(featureEventExample)), {
      minLength: 20,
      maxLength: 60,
    })
    fc.assert(
      fc.property(streams, (stream) => {
        const agreement = createAgreement(DEFAULT_MAPPING, [NAMES], new BackOff())
        for (const given of stream) expect(agreement.feature(Buffer.from(JSON.stringify(given)))).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  it('agree with the decoder of every mapping on records with faults of every kind', () => {
    const { structured, structuredRead, differences, shown } = fuzzExtract({ runs: 20_000, seed: 20_261_123 })
    expect(shown).toEqual([])
    expect(differences).toBe(0)
    expect(structuredRead / structured).toBeGreaterThan(0.3)
  })
})
