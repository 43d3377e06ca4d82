import { readFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { parseConfig } from '../../src/config/load-config.ts'
import { decodeCloudEvent, encodeCloudEvent } from '../../src/events/cloud-event.ts'
import { createJsonDecoder } from '../../src/events/decode-source-event.ts'
import { deploymentEventExample, deploymentEventType } from '../../src/events/deployment-event.ts'
import { driftEventExample, driftEventType } from '../../src/events/drift-event.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import { referenceEventExample, referenceEventType } from '../../src/events/reference-event.ts'
import { retrainRequestExample, retrainRequestType } from '../../src/events/retrain-request.ts'
import { decodePartition } from '../../src/log/kafkajs/decode-partition.ts'
import { readFetchResponse } from '../../src/log/kafkajs/fetch-response.ts'
import { decodeDelta, encodeDelta } from '../../src/sketches/delta-codec.ts'
import { decodeReferenceSample, encodeReferenceSample } from '../../src/sketches/reference-sample-codec.ts'
import { fromReferenceEvent, toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { featureText, labelText } from './event-records.ts'
import { FRAMED_SUBJECTS } from './framed-subjects.ts'
import type { FuzzSubject } from './fuzz-subject.ts'
import { endMarker, recordBatch } from './record-batches.ts'
import { anyDelta } from './sketch-deltas.ts'
import { smallReference } from './sketch-samples.ts'

const EXAMPLE = readFileSync(new URL('../../driftstream.example.yaml', import.meta.url))

const deltas = fc.sample(anyDelta, { numRuns: 40, seed: 1 }).map((delta) => Buffer.from(encodeDelta(delta)))

const samples = encodeReferenceSample({
  task: 3,
  model: 'm',
  version: '1',
  paneStart: 0,
  features: ['x', '__proto__', 'c'],
  rows: Array.from({ length: 20 }, (_, index) => ({
    rank: index * 977,
    prediction: String(index % 3),
    values: [index / 7, 'text', index % 2 === 0 ? null : 'other'],
  })),
}).map((part) => Buffer.from(part))

const reference = Buffer.from(JSON.stringify(toReferenceEvent(smallReference())))

const identity = { id: 'x', source: '/fuzz', subject: 'm', at: 0 }
const cloudEvents = [
  { type: driftEventType, example: driftEventExample },
  { type: retrainRequestType, example: retrainRequestExample },
  { type: deploymentEventType, example: deploymentEventExample },
  { type: referenceEventType, example: referenceEventExample },
].map(({ type, example }) => {
  const { value, headers } = encodeCloudEvent(type as never, identity, example as never)
  return { type, value: Buffer.from(value), headers }
})

const sourceDecoder = createJsonDecoder(DEFAULT_MAPPING)

const values = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    key: `k${index}`,
    value: `value ${index} `.repeat(index % 7),
    headers:
      index % 5 === 0
        ? ([
            ['ce_id', 'x'],
            ['ce_id', null],
          ] as const)
        : [],
  }))

const batches = [
  recordBatch({ baseOffset: 0, records: values(12) }),
  Buffer.concat([
    recordBatch({ baseOffset: 0, records: values(2) }),
    recordBatch({ baseOffset: 2, records: [] }),
  ]),
  recordBatch({ baseOffset: 0, records: values(20), codec: 1, pack: (plain) => gzipSync(plain) }),
  recordBatch({ baseOffset: 0, records: values(20), codec: 4, pack: (plain) => zstdCompressSync(plain) }),
  recordBatch({ baseOffset: 0, records: values(3), codec: 2, pack: asSnappyLiteral }),
  recordBatch({ baseOffset: 0, records: values(3), codec: 3, pack: asStoredLz4 }),
  Buffer.concat([
    recordBatch({ baseOffset: 0, records: values(3), producerId: 7, transactional: true }),
    endMarker(3, 7, 'abort'),
  ]),
]

/** One literal: length of the whole, tag with its length in two bytes, the bytes. */
function asSnappyLiteral(plain: Buffer): Buffer {
  const length = plain.length - 1
  const head = [(plain.length & 0x7f) | 0x80, plain.length >>> 7, 0xf4, length & 0xff, length >>> 8]
  return Buffer.concat([Buffer.from(head), plain])
}

function asStoredLz4(plain: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(0x8000_0000 + plain.length)
  return Buffer.concat([Buffer.from([4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0]), size, plain, Buffer.alloc(4)])
}

/** One topic `t` with one partition that holds a batch. */
const answer = (() => {
  const head = Buffer.alloc(14)
  head.writeInt32BE(1, 10)
  const partition = Buffer.alloc(4 + 42)
  partition.writeInt32BE(1, 0)
  partition.writeInt32BE(batches[0]!.length, 42)
  return Buffer.concat([head, Buffer.from([0, 1, 0x74]), partition, batches[0]!])
})()

async function readBatches(bytes: Buffer): Promise<void> {
  const aborted = [{ producerId: 7, firstOffset: 0 }]
  const { records } = await decodePartition(bytes, aborted, { topic: 't', partition: 0, offset: 0 })
  for (const { key, value, headers } of records) {
    if (key === undefined || value === undefined || headers === undefined) throw new Error('half a record')
  }
}

export const FUZZ_SUBJECTS: readonly FuzzSubject[] = [
  { name: 'delta', percent: 20, isText: false, sound: (draw) => draw.of(deltas), decode: decodeDelta },
  {
    name: 'sample',
    percent: 10,
    isText: false,
    sound: (draw) => draw.of(samples),
    decode: decodeReferenceSample,
  },
  { name: 'batch', percent: 21, isText: false, sound: (draw) => draw.of(batches), decode: readBatches },
  { name: 'fetch-response', percent: 8, isText: false, sound: () => answer, decode: readFetchResponse },
  {
    name: 'reference',
    percent: 4,
    isText: true,
    sound: () => reference,
    decode: (bytes) =>
      fromReferenceEvent(decodeCloudEvent(referenceEventType, bytes, { ce_type: referenceEventType.type })),
  },
  ...cloudEvents.map(({ type, value, headers }) => ({
    name: `cloud-event-${type.type.split('.')[2]}`,
    percent: 3,
    isText: true,
    sound: () => value,
    decode: (bytes: Buffer) => decodeCloudEvent(type as never, bytes, headers),
  })),
  {
    name: 'feature-event',
    percent: 8,
    isText: true,
    sound: (draw) => Buffer.from(featureText(draw, DEFAULT_MAPPING)),
    decode: (bytes) => sourceDecoder.feature(bytes),
  },
  {
    name: 'label-event',
    percent: 4,
    isText: true,
    sound: (draw) => Buffer.from(labelText(draw, DEFAULT_MAPPING)),
    decode: (bytes) => sourceDecoder.label(bytes),
  },
  ...FRAMED_SUBJECTS,
  {
    name: 'config',
    percent: 1,
    isText: true,
    sound: () => EXAMPLE,
    decode: (bytes) => parseConfig(bytes.toString()),
  },
]
