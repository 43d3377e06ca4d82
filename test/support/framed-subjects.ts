import avsc from 'avsc'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { createSourceDecoder } from '../../src/events/decode-source-event.ts'
import { decodeFramed } from '../../src/events/framed/decode-framed.ts'
import { compileSchema, type PayloadDecoder } from '../../src/events/framed/schema.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import { anyAvro } from './avro-shapes.ts'
import { randomBytes } from './broken-bytes.ts'
import type { Draw } from './draw.ts'
import { featureText } from './event-records.ts'
import { FORMATS, framed, framedFeature, schemaOf } from './framed-events.ts'
import type { FuzzSubject } from './fuzz-subject.ts'

/** A message of itself, of every kind of field, and what Google's files describe. */
const PROTOBUF = `syntax = "proto3";
package fuzz;
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Colour { RED = 0; GREEN = 1; }
message Event {
  message Inner { repeated Event events = 1; map<string, Event> byName = 2; }
  string id = 1;
  int64 at = 2;
  map<string, double> features = 3;
  map<int64, string> texts = 4;
  repeated sint64 counts = 5;
  repeated double values = 6;
  Colour colour = 7;
  bytes raw = 8;
  oneof answer { float score = 9; string label = 10; Event nested = 11; }
  optional fixed64 big = 12;
  Inner inner = 13;
  google.protobuf.Struct anything = 14;
  google.protobuf.Timestamp time = 15;
  google.protobuf.Int64Value wrapped = 16;
}
`

const decoders = new Map<number, PayloadDecoder>()
const known = {
  decoderOf(id: number): PayloadDecoder {
    const decoder = decoders.get(id)
    if (decoder === undefined) throw new DriftstreamError('SCHEMA_UNKNOWN', `no schema of id ${id}`)
    return decoder
  },
}

function register(type: string, text: string): number {
  decoders.set(decoders.size + 1, compileSchema({ type, text, references: [] }))
  return decoders.size
}

const avroCases = fc.sample(anyAvro(6), { numRuns: 150, seed: 1 }).concat(nothings())

const avroPayloads = avroCases.flatMap(({ schema, values }) => {
  const id = register('AVRO', schema)
  const type = avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: true })
  return values.map(({ written }) => framed(id, type.toBuffer(written)))
})

/** What takes no bytes, or itself: what a count asks for costs nothing on the wire. */
function nothings(): { schema: string; values: { written: unknown; read: unknown }[] }[] {
  const list =
    '{"type":"record","name":"L","fields":[{"name":"next","type":["null","L",{"type":"array","items":"L"}]}]}'
  const written = { next: { L: { next: { array: [{ next: null }, { next: null }] } } } }
  return [
    { schema: list, values: [{ written, read: written }] },
    { schema: '{"type":"array","items":"null"}', values: [{ written: [null], read: [null] }] },
    {
      schema: '{"type":"map","values":{"type":"record","name":"N","fields":[]}}',
      values: [{ written: { a: {}, b: {} }, read: {} }],
    },
  ]
}

const protobufPayloads = (() => {
  const id = register('PROTOBUF', PROTOBUF)
  const { root } = protobuf.parse(PROTOBUF, new protobuf.Root(), { keepCase: true })
  for (const name of ['struct', 'timestamp', 'wrappers']) {
    root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)!.nested!)
  }
  const written = (path: number[], type: string, value: object) => {
    const message = root.lookupType(type)
    const payload = message.encode(message.fromObject(value)).finish()
    return framed(id, Buffer.concat([Buffer.from(path), payload]))
  }
  const anything = {
    fields: {
      n: { numberValue: 1.5 },
      ['__proto__']: { stringValue: 'x' },
      l: { listValue: { values: [{ boolValue: true }, { nullValue: 0 }] } },
    },
  }
  const event = {
    id: 'ä1',
    at: '9223372036854775807',
    features: { amount: 12.5, constructor: -1 },
    texts: { 7: 'seven' },
    counts: [1, -2, 3_000_000_000],
    values: [0.5, -0.5],
    colour: 1,
    raw: Buffer.from([0, 255]),
    label: 'yes',
    big: 77,
    anything,
    time: { seconds: 1_767_571_200, nanos: 5_000_000 },
    wrapped: { value: -9 },
  }
  const nested = { ...event, label: undefined, nested: { ...event, label: undefined, score: 0.25 } }
  const inner = { events: [event, nested], byName: { a: { id: 'a', inner: { events: [{ id: 'b' }] } } } }
  return [
    written([0], 'fuzz.Event', event),
    written([0], 'fuzz.Event', { ...nested, inner }),
    written([4, 0, 0], 'fuzz.Event.Inner', inner),
  ]
})()

const jsonId = register('JSON', '{}')
const eventIds = FORMATS.map((format) => [format, register(format, schemaOf(format, 'feature'))] as const)
const events = createSourceDecoder(DEFAULT_MAPPING, known)

const schemaTexts = [
  ...avroCases.map(({ schema }) => ['AVRO', schema] as const),
  ...FORMATS.map((format) => [format, schemaOf(format, 'feature')] as const),
  ...Array.from({ length: 40 }, () => ['PROTOBUF', PROTOBUF] as const),
]

/** Now and then something that stands where it may not. */
function oddly(draw: Draw, node: unknown): unknown {
  return draw.chance(0.9)
    ? node
    : draw.of([null, 7, -1.5, true, '', 'N0', 'record', [], [null], {}, [{}], node])
}

/** Varints that ask for everything there is, or for a little more than that. */
const HOSTILE: readonly Buffer[] = [
  ...[[0x01], [0x7f], [0xfe, 0x01], [0xff, 0x01], [0x80, 0x80, 0x04], [0xff, 0xff, 0x7f]],
  ...[
    [0xfe, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
    [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    Array<number>(12).fill(0xff),
  ],
].map((bytes) => Buffer.from(bytes))

/** A frame that is known, the beginning of its payload or none of it, counts to the limit, bytes of chance. */
function hostile(draw: Draw, sound: Buffer): Buffer {
  const kept = sound.subarray(0, 5 + (draw.chance(0.3) ? 0 : draw.below(sound.length - 4)))
  const counts = Array.from({ length: draw.below(4) }, () => draw.of(HOSTILE))
  // Long ones too: what grows with the square of the length shows there.
  const rest = draw.chance(0.02) ? Buffer.alloc(draw.below(20_000), draw.of(HOSTILE)) : randomBytes(draw, 200)
  return Buffer.concat([kept, ...counts, rest])
}

function subject(
  from: Pick<FuzzSubject, 'name' | 'percent' | 'isText' | 'sound'> & Partial<FuzzSubject>,
): FuzzSubject {
  return {
    refusals: ['EVENT_UNDECODABLE', 'SCHEMA_UNKNOWN'],
    random: (draw) => hostile(draw, from.sound(draw)),
    decode: (bytes) => decodeFramed(bytes, known),
    ...from,
  }
}

/** What a schema registry has framed: its payloads by format, and whole events in all three. */
export const FRAMED_SUBJECTS: readonly FuzzSubject[] = [
  subject({ name: 'framed-avro', percent: 5, isText: false, sound: (draw) => draw.of(avroPayloads) }),
  subject({ name: 'framed-protobuf', percent: 3, isText: false, sound: (draw) => draw.of(protobufPayloads) }),
  subject({
    name: 'framed-json',
    percent: 1,
    isText: true,
    sound: (draw) => framed(jsonId, Buffer.from(featureText(draw, DEFAULT_MAPPING))),
  }),
  subject({
    name: 'framed-event',
    percent: 2,
    isText: false,
    refusals: ['EVENT_UNDECODABLE', 'SCHEMA_UNKNOWN', 'EVENT_INVALID'],
    sound(draw) {
      const [format, id] = draw.of(eventIds)
      return framedFeature(format, id, {
        model: 'fraud',
        version: '1',
        id: `e${draw.below(1_000)}`,
        at: Date.UTC(2026, 0, 5) + draw.below(1_000_000),
        features: { amount: draw.below(1_000) / 8, country: draw.of(['AT', 'ß', '']) },
        prediction: draw.below(2),
        ...(draw.chance(0.5) ? { score: draw.below(100) / 100 } : {}),
      })
    },
    decode: (bytes) => events.feature(bytes),
  }),
  {
    name: 'schema',
    percent: 1,
    isText: true,
    refusals: ['SCHEMA_INVALID'],
    sound(draw) {
      const [type, text] = draw.of(schemaTexts)
      return Buffer.from(`${type} ${text}`)
    },
    random(draw) {
      const { schema } = draw.of(avroCases)
      return Buffer.from(`AVRO ${JSON.stringify(JSON.parse(schema), (_, node) => oddly(draw, node))}`)
    },
    decode(bytes) {
      const [type, ...text] = bytes.toString().split(' ')
      return compileSchema({ type: type!, text: text.join(' '), references: [] })
    },
  },
]
