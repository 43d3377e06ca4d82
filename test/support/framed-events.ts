import avsc from 'avsc'
import protobuf from 'protobufjs'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'

/** What a schema registry calls them. */
export const FORMATS = ['AVRO', 'JSON', 'PROTOBUF'] as const
export type Format = (typeof FORMATS)[number]
export type Kind = 'feature' | 'label'

const AVRO = {
  feature: {
    type: 'record',
    name: 'Feature',
    namespace: 'test.events',
    fields: [
      { name: 'model', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'id', type: 'string' },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'features', type: { type: 'map', values: ['null', 'double', 'string'] } },
      { name: 'prediction', type: 'int' },
      { name: 'score', type: ['null', 'double'], default: null },
    ],
  },
  label: {
    type: 'record',
    name: 'Label',
    namespace: 'test.events',
    fields: [
      { name: 'model', type: 'string' },
      { name: 'id', type: 'string' },
      { name: 'at', type: 'long' },
      { name: 'label', type: 'int' },
    ],
  },
} as const

/** The events are not the first of their file, and one is within another message: their paths are 2 and 2, 0. */
const PROTOBUF = {
  feature: `syntax = "proto3";
package test.events;
import "google/protobuf/struct.proto";
message Unused { string nothing = 1; }
message Feature {
  string model = 1;
  string version = 2;
  string id = 3;
  int64 at = 4;
  google.protobuf.Struct features = 5;
  int32 prediction = 6;
  optional double score = 7;
}
`,
  label: `syntax = "proto3";
package test.events;
message Unused { string nothing = 1; }
message Labels {
  message Label {
    string model = 1;
    string id = 2;
    int64 at = 3;
    int32 label = 4;
  }
}
`,
} as const

/** The schema of an event in a format, as text. */
export function schemaOf(format: Format, kind: Kind): string {
  if (format === 'AVRO') return JSON.stringify(AVRO[kind])
  if (format === 'PROTOBUF') return PROTOBUF[kind]
  return JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: kind, type: 'object' })
}

const avro = {
  feature: avsc.Type.forSchema(AVRO.feature as unknown as avsc.Schema, { wrapUnions: true }),
  label: avsc.Type.forSchema(AVRO.label as unknown as avsc.Schema, { wrapUnions: true }),
}

const messages = protobuf.parse(PROTOBUF.feature, new protobuf.Root(), { keepCase: true }).root
messages.addJSON(protobuf.common.get('google/protobuf/struct.proto')!.nested!)
const feature = messages.lookupType('test.events.Feature')
const label = protobuf
  .parse(PROTOBUF.label, new protobuf.Root(), { keepCase: true })
  .root.lookupType('test.events.Labels.Label')

/** A feature event behind the frame of a schema id, in other implementations' bytes. */
export function framedFeature(format: Format, id: number, event: FeatureEvent): Buffer {
  if (format === 'JSON') return framed(id, Buffer.from(JSON.stringify(event)))
  const features = Object.entries(event.features)
  if (format === 'AVRO') {
    const wrapped = features.map(([name, value]) => [name, { [avroBranch(value)]: value }])
    const score = event.score === undefined ? null : { double: event.score }
    return framed(id, avro.feature.toBuffer({ ...event, features: Object.fromEntries(wrapped), score }))
  }
  const fields = features.map(([name, value]) => [
    name,
    typeof value === 'number' ? { numberValue: value } : { stringValue: value },
  ])
  const message = feature.fromObject({ ...event, features: { fields: Object.fromEntries(fields) } })
  return framed(id, Buffer.concat([Buffer.from([2, 2]), feature.encode(message).finish()]))
}

export function framedLabel(format: Format, id: number, event: LabelEvent): Buffer {
  if (format === 'JSON') return framed(id, Buffer.from(JSON.stringify(event)))
  if (format === 'AVRO') return framed(id, avro.label.toBuffer(event))
  return framed(id, Buffer.concat([Buffer.from([4, 2, 0]), label.encode(label.fromObject(event)).finish()]))
}

export function framed(id: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(id, 1)
  return Buffer.concat([head, payload])
}

function avroBranch(value: unknown): string {
  return typeof value === 'number' ? 'double' : 'string'
}
