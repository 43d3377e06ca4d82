import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { compileProtobuf } from '../../../../src/events/framed/protobuf.ts'
import { refusalCode } from '../../../support/refusal.ts'

const FILE = `
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
message First {
  message Inner { int32 n = 1; }
  message Other { string s = 1; message Deep { bool b = 1; } }
  string name = 1;
}
enum Colour { RED = 0; GREEN = 1; }
message Event {
  string model = 1;
  google.protobuf.Timestamp event_time = 2;
  map<string, double> features = 3;
  optional double score = 4;
  Colour colour = 5;
  int64 big = 6;
  uint64 bigger = 7;
  bytes raw = 8;
  google.protobuf.DoubleValue wrapped = 9;
  repeated int32 counts = 10;
  double plain = 11;
}
`

const root = protobuf.parse(FILE, new protobuf.Root(), { keepCase: true }).root
for (const name of ['timestamp', 'wrappers']) {
  root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)!.nested!)
}
const written = (type: string, value: object) => {
  const message = root.lookupType(type)
  return Buffer.from(message.encode(message.fromObject(value)).finish())
}
const read = (path: number[], payload: Buffer) =>
  compileProtobuf(FILE, [])(Buffer.concat([Buffer.from(path), payload]))

describe('compileProtobuf', () => {
  // The rule of Confluent's wire format: a count and so many indexes, zigzag; the first message is a single 0.
  it.each([
    ['the first message', [0], 'shop.First', { name: 'x' }],
    ['the first message, written out', [2, 0], 'shop.First', { name: 'x' }],
    ['a message within the first', [4, 0, 2], 'shop.First.Other', { s: 'y' }],
    ['a message two levels in', [6, 0, 2, 0], 'shop.First.Other.Deep', { b: true }],
  ])('reads %s', (_what, path, type, value) => {
    expect(read(path, written(type, value))).toEqual(value)
  })

  it('has names as in the file, times in milliseconds, defaults for what is not on the wire', () => {
    const payload = written('shop.Event', {
      model: 'fraud',
      event_time: { seconds: 1_767_571_200, nanos: 123_000_000 },
      features: { amount: 12.5, zero: 0 },
      colour: 1,
      big: -5,
      raw: Buffer.from([1, 255]),
      wrapped: { value: 2.5 },
      counts: [1, 2],
    })
    expect(read([2, 2], payload)).toEqual({
      model: 'fraud',
      event_time: 1_767_571_200_123,
      features: { amount: 12.5, zero: 0 },
      colour: 'GREEN',
      big: -5,
      bigger: 0,
      raw: Buffer.from([1, 255]).toString('base64'),
      wrapped: 2.5,
      counts: [1, 2],
      plain: 0,
    })
    expect(read([2, 2], written('shop.Event', { score: 0 }))).toMatchObject({
      score: 0,
      plain: 0,
      features: {},
    })
  })

  it('reads integers that no number holds exactly as bigints', () => {
    const payload = written('shop.Event', {
      // As text, which the library turns into its own 64-bit integers.
      big: '9223372036854775807',
      bigger: '18446744073709551615',
    })
    expect(read([2, 2], payload)).toMatchObject({ big: 2n ** 63n - 1n, bigger: 2n ** 64n - 1n })
  })

  it('refuses a number that the end cuts off, after however many bytes', () => {
    for (const type of ['int64', 'uint64', 'sint64', 'int32']) {
      const cut = compileProtobuf(`syntax = "proto3"; message M { ${type} n = 1; }`, [])
      for (let length = 1; length < 10; length++) {
        const bytes = Buffer.from([0, 0x08, ...Array<number>(length).fill(0xff)])
        expect(refusalCode(() => cut(bytes))).toBe('EVENT_UNDECODABLE')
      }
    }
  })

  it('reads files that it imports', () => {
    const base = 'syntax = "proto3"; package base; message Id { string text = 1; }'
    const file = 'syntax = "proto3"; package shop; import "base.proto"; message Event { base.Id id = 1; }'
    const payload = Buffer.concat([Buffer.from([0, 0x0a, 3, 0x0a, 1]), Buffer.from('x')])
    expect(compileProtobuf(file, [{ name: 'base.proto', text: base }])(payload)).toEqual({
      id: { text: 'x' },
    })
    expect(refusalCode(() => compileProtobuf(file, []))).toBe('SCHEMA_INVALID')
  })

  it('reads a Struct as the object it describes', () => {
    const file =
      'syntax = "proto3"; import "google/protobuf/struct.proto"; message E { google.protobuf.Struct features = 1; }'
    const own = protobuf.parse(file, new protobuf.Root(), { keepCase: true }).root
    own.addJSON(protobuf.common.get('google/protobuf/struct.proto')!.nested!)
    const type = own.lookupType('E')
    const fields = {
      a: { numberValue: 1.5 },
      b: { stringValue: 'x' },
      c: { boolValue: false },
      d: { nullValue: 0 },
    }
    const payload = type.encode(type.fromObject({ features: { fields } })).finish()
    const event = compileProtobuf(file, [])(Buffer.concat([Buffer.from([0]), payload]))
    expect(event).toEqual({ features: { a: 1.5, b: 'x', c: false, d: null } })
  })

  it.each([
    ['no path', []],
    ['a message that is none', [2, 20]],
    ['a path of chance', [0x7e]],
    ['a path that is cut off', [4, 0]],
    ['a text longer than the bytes', [0, 0x0a, 200, 1]],
    ['a wire type that is none', [0, 0x0f]],
  ])('refuses %s', (_what, bytes) => {
    expect(refusalCode(() => compileProtobuf(FILE, [])(Buffer.from(bytes)))).toBe('EVENT_UNDECODABLE')
  })

  it('refuses a file that is none', () => {
    expect(refusalCode(() => compileProtobuf('message {', []))).toBe('SCHEMA_INVALID')
  })
})
