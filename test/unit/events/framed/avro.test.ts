import avsc from 'avsc'
import { describe, expect, it } from 'vitest'
import { compileAvro } from '../../../../src/events/framed/avro.ts'
import { refusal } from '../../../support/refusal.ts'

const EVENT = {
  type: 'record',
  name: 'Event',
  namespace: 'test',
  fields: [
    { name: 'model', type: 'string' },
    { name: 'version', type: 'int' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'features', type: { type: 'map', values: ['null', 'double', 'string', 'boolean'] } },
    { name: 'score', type: ['null', 'float'], default: null },
    { name: 'colour', type: { type: 'enum', name: 'Colour', symbols: ['RED', 'GREEN'] } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'raw', type: 'bytes' },
    { name: 'mark', type: { type: 'fixed', name: 'Mark', size: 3 } },
    { name: 'other', type: ['null', 'Colour'] },
  ],
}

describe('compileAvro', () => {
  const type = avsc.Type.forSchema(EVENT as avsc.Schema)
  const value = {
    model: 'fraud',
    version: 3,
    at: Date.UTC(2026, 0, 5),
    features: { amount: { double: 12.5 }, country: { string: 'AT' }, known: { boolean: true }, none: null },
    score: { float: 0.5 },
    colour: 'GREEN',
    tags: ['ä', 'b'],
    raw: Buffer.from([1, 2, 255]),
    mark: Buffer.from([7, 8, 9]),
    other: { 'test.Colour': 'RED' },
  }

  it('reads what another implementation wrote, as JSON would have had it', () => {
    const wrapped = avsc.Type.forSchema(EVENT as avsc.Schema, { wrapUnions: true })
    expect(compileAvro(JSON.stringify(EVENT), [])(wrapped.toBuffer(value))).toEqual({
      ...value,
      features: { amount: 12.5, country: 'AT', known: true, none: null },
      score: 0.5,
      raw: Buffer.from([1, 2, 255]).toString('base64'),
      mark: Buffer.from([7, 8, 9]).toString('base64'),
      other: 'RED',
    })
    expect(type.name).toBe('test.Event')
  })

  it.each([0, 1, -1, 63, -64, 2 ** 31, -(2 ** 31), 2 ** 40 + 7, 2 ** 52, -(2 ** 52)])(
    'reads the long %d',
    (long) => {
      expect(compileAvro('"long"', [])(avsc.Type.forSchema('long').toBuffer(long))).toBe(long)
    },
  )

  it('reads the least and the greatest int', () => {
    const read = compileAvro('"int"', [])
    expect(read(Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f]))).toBe(2 ** 31 - 1)
    expect(read(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]))).toBe(-(2 ** 31))
  })

  it('reads longs that no number holds exactly as bigints', () => {
    const read = compileAvro('"long"', [])
    const most = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
    const least = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
    expect(read(most)).toBe(2n ** 63n - 1n)
    expect(read(least)).toBe(-(2n ** 63n))
    // The last that is exact, which the other implementation writes wrongly.
    const exact = Buffer.from([0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f])
    expect(read(exact)).toBe(Number.MIN_SAFE_INTEGER)
    const ninety = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02])
    expect(read(ninety)).toBe(2n ** 56n)
  })

  it('reads times as epoch milliseconds and decimals as numbers', () => {
    const read = (schema: object, bytes: number[]) =>
      compileAvro(JSON.stringify(schema), [])(Buffer.from(bytes))
    const long = (value: number) => [...avsc.Type.forSchema('long').toBuffer(value)]
    expect(read({ type: 'long', logicalType: 'timestamp-micros' }, long(1_767_571_200_123_456))).toBe(
      1_767_571_200_123,
    )
    expect(read({ type: 'long', logicalType: 'timestamp-micros' }, long(-1))).toBe(-1)
    expect(read({ type: 'int', logicalType: 'date' }, long(20_000))).toBe(20_000 * 86_400_000)
    // -1.23 with scale 2 is -123, which is ff 85 in two's complement.
    expect(read({ type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }, [4, 0xff, 0x85])).toBe(
      -1.23,
    )
    const fixed = { type: 'fixed', name: 'D', size: 2, logicalType: 'decimal', precision: 4, scale: 1 }
    expect(read(fixed, [0x00, 0x7b])).toBe(12.3)
    expect(read({ type: 'long', logicalType: 'unheard-of' }, long(5))).toBe(5)
    // A scale that is none makes no decimal: it is the bytes below.
    const wrong = { type: 'bytes', logicalType: 'decimal', precision: 4, scale: -1 }
    expect(read(wrong, [2, 4])).toBe('BA==')
  })

  it('reads long decimals as the nearest number, which is infinite at last, without spelling them out', () => {
    const decimal = { type: 'bytes', logicalType: 'decimal', precision: 4 }
    const read = (bytes: Buffer, scale: number) => {
      const length = avsc.Type.forSchema('long').toBuffer(bytes.length)
      return compileAvro(JSON.stringify({ ...decimal, scale }), [])(Buffer.concat([length, bytes]))
    }
    // 2^1023, with a byte for the sign and a thousand more that say the same; times ten to the minus 300.
    const large = Buffer.alloc(1_000 + 129)
    large[1_001] = 0x80
    expect(read(large, 0)).toBe(2 ** 1023)
    expect(read(large, 300)).toBeCloseTo(8.98846567431158e7, 4)
    const startedAt = performance.now()
    expect(read(Buffer.alloc(1_000_000, 0x5a), 2)).toBe(Infinity)
    expect(read(Buffer.alloc(1_000_000, 0xa5), 2)).toBe(-Infinity)
    expect(read(Buffer.alloc(1_000_000, 0xff), 2)).toBe(-0.01)
    expect(performance.now() - startedAt).toBeLessThan(800)
  })

  it('reads arrays in several blocks, with their bytes or without', () => {
    const read = compileAvro('{"type":"array","items":"int"}', [])
    expect(read(Buffer.from([3, 4, 2, 4, 2, 6, 0]))).toEqual([1, 2, 3])
  })

  it('refuses items of no bytes in block after block, each no more than bytes are left', () => {
    // A hundred blocks of 500 items, then 500 of one, in 701 bytes.
    const blocks = [...Array<number[]>(100).fill([0xe8, 0x07]), ...Array<number[]>(500).fill([2]), [0]]
    const bytes = Buffer.from(blocks.flat())
    const error = refusal(() => compileAvro('{"type":"array","items":"null"}', [])(bytes))
    expect(error.message).toContain('items in all')
  })

  it('keeps a key that is called __proto__', () => {
    const map = avsc.Type.forSchema({ type: 'map', values: 'double' })
    const bytes = map.toBuffer(Object.fromEntries([['xxprotoxx', 1.5]]))
    bytes.write('__proto__', bytes.indexOf('xxprotoxx'))
    const read = compileAvro('{"type":"map","values":"double"}', [])(bytes) as object
    expect(Object.entries(read)).toEqual([['__proto__', 1.5]])
  })

  it('keeps a field that is called __proto__', () => {
    const schema =
      '{"type":"record","name":"R","fields":[{"name":"__proto__","type":"int"},{"name":"a","type":"int"}]}'
    expect(Object.entries(compileAvro(schema, [])(Buffer.from([2, 4])) as object)).toEqual([
      ['__proto__', 1],
      ['a', 2],
    ])
  })

  it('resolves names from schemas that it refers to, and of itself', () => {
    const address = '{"type":"record","name":"a.Address","fields":[{"name":"city","type":"string"}]}'
    const person =
      '{"type":"record","name":"b.Person","fields":[{"name":"home","type":"a.Address"},{"name":"friend","type":["null","Person"]}]}'
    const all = avsc.Type.forSchema({
      type: 'record',
      name: 'b.Person',
      fields: [
        { name: 'home', type: JSON.parse(address) },
        { name: 'friend', type: ['null', 'Person'] },
      ],
    } as avsc.Schema)
    const somebody = { home: { city: 'Wien' }, friend: { home: { city: 'Graz' }, friend: null } }
    expect(compileAvro(person, [address])(all.toBuffer(somebody))).toEqual(somebody)
    expect(refusal(() => compileAvro(person, [])).code).toBe('SCHEMA_INVALID')
  })

  it('refuses every prefix of an event, and bytes behind it', () => {
    const wrapped = avsc.Type.forSchema(EVENT as avsc.Schema, { wrapUnions: true })
    const bytes = wrapped.toBuffer(value)
    const read = compileAvro(JSON.stringify(EVENT), [])
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(() => read(bytes.subarray(0, length))).code).toBe('EVENT_UNDECODABLE')
    }
    const long = refusal(() => read(Buffer.concat([bytes, Buffer.from([0])])))
    expect(long.message).toContain('expected the end, got 1 more bytes')
  })

  it.each([
    ['an array', '{"type":"array","items":"double"}', [0x80, 0x80, 0x80, 0x80, 0x02, 1, 2, 3]],
    ['an array of nothing', '{"type":"array","items":"null"}', [0x80, 0x80, 0x80, 0x80, 0x02]],
    ['a map', '{"type":"map","values":"double"}', [0x80, 0x80, 0x80, 0x80, 0x02, 1, 2, 3]],
    ['a text', '"string"', [0x80, 0x80, 0x80, 0x80, 0x02, 65]],
    ['a negative text', '"string"', [0x01]],
    ['an array with its bytes', '{"type":"array","items":"null"}', [0x81, 0x80, 0x80, 0x80, 0x02, 0]],
    ['eleven bytes of a long', '"long"', [...new Array<number>(10).fill(0xff), 1]],
    ['a boolean of 2', '"boolean"', [2]],
    ['an int of 33 bits', '"int"', [0x80, 0x80, 0x80, 0x80, 0x10]],
    ['a date of 64 bits', '{"type":"int","logicalType":"date"}', [...Array<number>(9).fill(0xff), 1]],
    ['a branch that is none', '["null","int"]', [4]],
    ['a symbol that is none', '{"type":"enum","name":"E","symbols":["A"]}', [2]],
    ['a text that is no UTF-8', '"string"', [2, 0xff]],
    ['a record that holds itself', '{"type":"record","name":"R","fields":[{"name":"r","type":"R"}]}', []],
  ])('refuses %s that asks for more than there is', (_what, schema, bytes) => {
    const startedAt = performance.now()
    expect(refusal(() => compileAvro(schema, [])(Buffer.from(bytes))).code).toBe('EVENT_UNDECODABLE')
    // Another reader takes seconds, or all memory, for some of these.
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it.each([
    '{"type":"record","name":"R"}',
    '{"type":"what"}',
    '[1]',
    '{"type":"fixed","name":"F","size":-1}',
    '{',
    'null1',
    '{"type":"record","name":"R","fields":[null]}',
  ])('refuses the schema %s', (schema) => {
    expect(refusal(() => compileAvro(schema, [])).code).toBe('SCHEMA_INVALID')
  })

  it('refuses a schema of lists within lists past what the stack holds', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    expect(refusal(() => compileAvro(deep, [])).code).toBe('SCHEMA_INVALID')
  })
})
