import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createJsonDecoder,
  isCleanFeatureEvent,
  isCleanLabelEvent,
} from '../../src/events/decode-source-event.ts'
import { featureEvent, featureEventExample } from '../../src/events/feature-event.ts'
import { labelEvent, labelEventExample } from '../../src/events/label-event.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'

/** Anything JSON can say, with the values that matter made likely. */
const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'flights',
    0,
    -1,
    1e308,
    Number.POSITIVE_INFINITY,
    true,
    '2001-01-29T06:15:00Z',
    'x'.repeat(600),
  ),
  fc.dictionary(fc.string(), fc.jsonValue()),
)

/** An example event with some fields replaced by something strange, or removed. */
function mutated(example: object) {
  const fields = [...Object.keys(example), 'segment']
  return fc
    .tuple(fc.subarray(fields, { maxLength: 3 }), fc.array(strange, { minLength: 3, maxLength: 3 }))
    .map(([names, values]) => {
      const event: Record<string, unknown> = { ...example }
      names.forEach((name, i) => {
        if (values[i] === undefined) delete event[name]
        else event[name] = values[i]
      })
      return event
    })
}

describe('the hand check of source events', () => {
  it('accepts only what the feature schema accepts, and would change nothing that is read', () => {
    fc.assert(
      fc.property(mutated(featureEventExample), (event) => {
        if (!isCleanFeatureEvent(event)) return
        expect(event).toMatchObject(featureEvent.parse(event))
      }),
      { numRuns: 5000 },
    )
    expect(isCleanFeatureEvent(featureEventExample)).toBe(true)
  })

  it('accepts only what the label schema accepts, and would change nothing that is read', () => {
    fc.assert(
      fc.property(mutated(labelEventExample), (event) => {
        if (!isCleanLabelEvent(event)) return
        expect(event).toMatchObject(labelEvent.parse(event))
      }),
      { numRuns: 5000 },
    )
    expect(isCleanLabelEvent(labelEventExample)).toBe(true)
  })

  it('decodes to an event or to a code of the table, whatever the bytes', () => {
    const codes = ['EVENT_UNDECODABLE', 'EVENT_INVALID', 'SCHEMA_REGISTRY_MISSING']
    const decoder = createJsonDecoder(DEFAULT_MAPPING)
    const text = mutated(featureEventExample).map((event) => JSON.stringify(event))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      // Five bytes that begin with a zero are the frame of a schema registry, of which this decoder knows none.
      fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.of(0, ...rest)),
      text.map((json) => Buffer.from(json)),
    )
    let decoded = 0
    fc.assert(
      fc.property(bytes, (value) => {
        try {
          decoder.feature(value)
          decoded++
        } catch (error) {
          expect(codes).toContain((error as { code: string }).code)
        }
      }),
      { numRuns: 5000 },
    )
    expect(decoded).toBeGreaterThan(0)
  })
})
