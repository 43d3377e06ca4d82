import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../../../src/errors/driftstream-error.ts'
import { createJsonDecoder, createSourceDecoder } from '../../../../src/events/decode-source-event.ts'
import { compileSchema } from '../../../../src/events/framed/schema.ts'
import { DEFAULT_MAPPING } from '../../../../src/events/mapping.ts'
import { refusal } from '../../../support/refusal.ts'

const AT = Date.UTC(2026, 0, 5)
const LONG_ID = `{"type":"record","name":"E","fields":[
  {"name":"model","type":"string"},{"name":"version","type":"int"},{"name":"id","type":"long"},
  {"name":"at","type":"long"},{"name":"features","type":{"type":"map","values":"long"}},
  {"name":"prediction","type":"int"},{"name":"score","type":["null","double"]}]}`

const schemas = new Map([
  [1, compileSchema({ type: 'JSON', text: '{}', references: [] })],
  [2, compileSchema({ type: 'AVRO', text: LONG_ID, references: [] })],
])
const decoder = createSourceDecoder(DEFAULT_MAPPING, {
  decoderOf(id) {
    const known = schemas.get(id)
    if (known === undefined) throw new DriftstreamError('SCHEMA_UNKNOWN', `no schema of id ${id}`)
    return known
  },
})
const framed = (id: number, payload: Uint8Array) => Buffer.concat([Buffer.from([0, 0, 0, 0, id]), payload])
const most = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
const long = (value: number) => {
  const bytes: number[] = []
  let left = 2n * BigInt(value)
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  return [...bytes, Number(left)]
}
const text = (value: string) => [2 * value.length, ...Buffer.from(value)]

describe('framed source events', () => {
  const event = {
    model: 'fraud',
    version: '1',
    id: 'a',
    at: AT,
    features: { x: 1 },
    prediction: 0,
    score: 0.5,
  }

  it('are judged as JSON is', () => {
    const value = Buffer.from(JSON.stringify(event))
    expect(decoder.feature(framed(1, value))).toEqual(decoder.feature(value))
    const wrong = Buffer.from(JSON.stringify({ ...event, features: 7 }))
    expect(refusal(() => decoder.feature(framed(1, wrong))).message).toBe(
      refusal(() => decoder.feature(wrong)).message,
    )
  })

  it('have ids that are exact, numbers that are near, and no score where it is null', () => {
    const payload = Buffer.from([
      ...text('fraud'),
      ...long(3),
      ...most,
      ...long(AT),
      ...[2, ...text('big'), ...most, 0],
      ...long(1),
      0,
    ])
    expect(decoder.feature(framed(2, payload))).toEqual({
      model: 'fraud',
      version: '3',
      id: '9223372036854775807',
      at: AT,
      features: { big: 2 ** 63 },
      prediction: 1,
    })
  })

  it('are refused, with the id, where the payload is none of the schema', () => {
    const error = refusal(() => decoder.feature(framed(2, Buffer.from([2]))))
    expect(error.code).toBe('EVENT_UNDECODABLE')
    expect(error.message).toContain('schema id 2: byte 1 of 1')
  })

  it.each([1, 2, 3, 4])('are refused when cut off after %d bytes', (length) => {
    const error = refusal(() => decoder.feature(Buffer.alloc(length)))
    expect(error.code).toBe('EVENT_UNDECODABLE')
    expect(error.message).toContain(`got ${length} bytes`)
  })

  it('are refused without a registry, with a word about that', () => {
    const error = refusal(() => createJsonDecoder(DEFAULT_MAPPING).label(framed(7, Buffer.from('{}'))))
    expect(error.code).toBe('SCHEMA_REGISTRY_MISSING')
    expect(error.message).toContain('schema id 7')
    expect(error.message).toContain('schemaRegistry')
  })

  it('are refused where a big integer stands where none may', () => {
    const payload = Buffer.from([...text('fraud'), ...long(3), ...long(1), ...most, 0, ...long(1), 0])
    expect(refusal(() => decoder.label(framed(2, payload))).code).toBe('EVENT_INVALID')
  })
})
