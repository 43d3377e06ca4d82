import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { ReferenceSample, SampledRow } from './reference-sample.ts'

/** "rs", then the version of the layout: a reader refuses what it does not know. */
const MAGIC = [0x72, 0x73] as const
const VERSION = 1

/** Half of a broker's default record limit, as for deltas. */
const PART_BYTES_MAX = 512 * 1024

const MISSING = 0
const NUMBER = 1
/** A text is its place in the record's list of texts, from here on. */
const TEXT = 2

/** Does a record of the sketches topic hold a sample rather than a delta? */
export function isReferenceSample(bytes: Uint8Array): boolean {
  return bytes[0] === MAGIC[0] && bytes[1] === MAGIC[1]
}

/**
 * A sample as records of at most about half a megabyte; equal samples give equal bytes. A row that would
 * fill a record by itself is left out: one event less moves no cut.
 */
export function encodeReferenceSample(sample: ReferenceSample): Uint8Array[] {
  const parts: SampledRow[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const row of sample.rows) {
    const rowBytes = rowBytesMax(row)
    if (rowBytes > PART_BYTES_MAX) continue
    if (bytes + rowBytes > PART_BYTES_MAX) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)!.push(row)
    bytes += rowBytes
  }
  return parts.map((rows) => encodePart({ ...sample, rows }))
}

/**
 * The part that was encoded. Every row and value takes a byte of the record at least, so that bytes from
 * elsewhere cost no more than a small multiple of their length.
 * @throws DELTA_UNDECODABLE (no sample, another version, truncated, trailing bytes, impossible values)
 */
export function decodeReferenceSample(bytes: Uint8Array): ReferenceSample {
  const reader = new ByteReader(bytes)
  for (const expected of [...MAGIC, VERSION]) {
    const byte = reader.byte()
    if (byte !== expected) throw reader.fault(`byte ${expected} of magic and version`, String(byte))
  }
  const task = reader.varint()
  const model = reader.text()
  const version = reader.text()
  const paneStart = reader.float64()
  if (!Number.isFinite(paneStart)) throw reader.fault('a finite pane start', String(paneStart))
  const features = readTexts(reader, 'features')
  if (new Set(features).size < features.length) throw reader.fault('each feature once', 'one twice')
  const texts = readTexts(reader, 'texts')
  const rows: SampledRow[] = []
  for (let left = reader.listLength(2 + features.length, 'rows'); left > 0; left--) {
    const rank = reader.varint()
    const prediction = readValue(reader, texts)
    if (typeof prediction === 'number') throw reader.fault('a prediction as text', String(prediction))
    rows.push({ rank, prediction, values: features.map(() => readValue(reader, texts)) })
  }
  reader.end()
  return { task, model, version, paneStart, features, rows }
}

function encodePart({ task, model, version, paneStart, features, rows }: ReferenceSample): Uint8Array {
  const places = new Map<string, number>()
  for (const { values, prediction } of rows) {
    for (const value of [prediction, ...values]) {
      if (typeof value === 'string' && !places.has(value)) places.set(value, places.size)
    }
  }
  const writer = new ByteWriter()
  for (const byte of [...MAGIC, VERSION]) writer.byte(byte)
  writer.varint(task)
  writer.text(model)
  writer.text(version)
  writer.float64(paneStart)
  writer.varint(features.length)
  for (const name of features) writer.text(name)
  writer.varint(places.size)
  for (const text of places.keys()) writer.text(text)
  writer.varint(rows.length)
  for (const { rank, values, prediction } of rows) {
    writer.varint(rank)
    for (const value of [prediction, ...values]) writeValue(writer, value, places)
  }
  return writer.finish()
}

function writeValue(
  writer: ByteWriter,
  value: number | string | null,
  places: ReadonlyMap<string, number>,
): void {
  if (value === null) writer.varint(MISSING)
  else if (typeof value === 'string') writer.varint(TEXT + places.get(value)!)
  else {
    writer.varint(NUMBER)
    writer.float64(value)
  }
}

function readValue(reader: ByteReader, texts: readonly string[]): number | string | null {
  const tag = reader.varintUpTo(TEXT + texts.length - 1, 'a kind of value')
  if (tag === MISSING) return null
  if (tag !== NUMBER) return texts[tag - TEXT]!
  const value = reader.float64()
  if (!Number.isFinite(value)) throw reader.fault('a finite number', String(value))
  return value
}

function readTexts(reader: ByteReader, what: string): string[] {
  const texts: string[] = []
  for (let left = reader.listLength(1, what); left > 0; left--) texts.push(reader.text())
  return texts
}

function rowBytesMax({ values, prediction }: SampledRow): number {
  let bytes = 8
  for (const value of [prediction, ...values]) bytes += typeof value === 'string' ? 8 + 3 * value.length : 9
  return bytes
}
