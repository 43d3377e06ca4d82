import { DriftstreamError } from '../errors/driftstream-error.ts'
import { shapeCells } from './block-shape.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { CellAllowance } from './cells-codec.ts'
import type { DeltaEntry, DeltaSource, SketchDelta, StreamCounts } from './delta.ts'
import { outcomeCells } from './outcome-codec.ts'
import type { PairEntry } from './paired-losses.ts'
import { PAIR_BYTES_MIN, readPair, writePair } from './paired-losses-codec.ts'
import { readPaneSketch, writePaneSketch } from './sketch-codec.ts'

/** "ds", then the version of the layout: a reader refuses what it does not know. */
const MAGIC = [0x64, 0x73] as const
const VERSION = 5
/** Versions written before that are still read. Before 4 no delay of a label was counted. */
const VERSIONS_BEFORE: readonly number[] = [2, 3, 4]
/** The first version that says what waits, and the first that holds pairs. */
const VERSION_WAITING = 3
const VERSION_PAIRS = 5

/** Four bytes a cell: no delta, honest or not, takes more than 64 MiB to decode. */
export const DELTA_CELLS_MAX = 2 ** 24

const SOURCE_BYTES_MIN = 12
const ENTRY_BYTES_MIN = 17

/** The order is the wire's. */
const STREAM_COUNTS = [
  'late',
  'duplicatePredictions',
  'duplicateLabels',
  'orphanLabels',
  'expiredPredictions',
  'deadLetters',
  'unreferenced',
  'waiting',
] as const satisfies readonly (keyof StreamCounts)[]

/**
 * A delta as bytes; equal deltas give equal bytes.
 * @throws STATE_IMPOSSIBLE when its entries hold more cells than `decodeDelta` would allocate
 */
export function encodeDelta(delta: SketchDelta): Uint8Array {
  const cells = delta.entries.reduce((sum, entry) => sum + cellCount(entry), 0)
  if (cells > DELTA_CELLS_MAX) {
    throw new DriftstreamError('STATE_IMPOSSIBLE', `expected at most ${DELTA_CELLS_MAX} cells, got ${cells}`)
  }
  const writer = new ByteWriter()
  for (const byte of [...MAGIC, VERSION]) writer.byte(byte)
  for (const value of [delta.task, delta.flush, delta.part, delta.parts]) writer.varint(value)
  writer.varint(delta.sources.length)
  for (const source of delta.sources) writeSource(writer, source)
  writer.float64(delta.watermark)
  writer.byte(delta.idle ? 1 : 0)
  for (const field of STREAM_COUNTS) writer.varint(delta.stream[field])
  const pairs = delta.pairs ?? []
  writer.varint(pairs.length)
  for (const pair of pairs) writePair(writer, pair)
  writer.varint(delta.entries.length)
  for (const entry of delta.entries) writeEntry(writer, entry)
  return writer.finish()
}

/**
 * The delta that was encoded. Bytes from elsewhere may hold anything: they are refused before they cost
 * more than a small multiple of their size and `DELTA_CELLS_MAX` cells.
 * @throws DELTA_UNDECODABLE (no delta, another version, truncated, trailing bytes, impossible values)
 */
export function decodeDelta(bytes: Uint8Array): SketchDelta {
  const reader = new ByteReader(bytes)
  for (const expected of MAGIC) {
    const byte = reader.byte()
    if (byte !== expected) throw reader.fault(`byte ${expected} of the magic`, String(byte))
  }
  const version = reader.byte()
  if (version !== VERSION && !VERSIONS_BEFORE.includes(version)) {
    throw reader.fault(`version ${VERSIONS_BEFORE.join(', ')} or ${VERSION}`, String(version))
  }
  const [task, flush, part, parts] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()]
  if (part >= parts) throw reader.fault(`a part below ${parts}`, String(part))
  const sources: DeltaSource[] = []
  for (let left = reader.listLength(SOURCE_BYTES_MIN, 'sources'); left > 0; left--)
    sources.push(readSource(reader))
  const watermark = reader.number('a watermark')
  const idle = reader.flag('idle')
  const stream = readStreamCounts(reader, version)
  const pairs = version >= VERSION_PAIRS ? readPairs(reader) : []
  const entries: DeltaEntry[] = []
  const allowance = { left: DELTA_CELLS_MAX }
  for (let left = reader.listLength(ENTRY_BYTES_MIN, 'entries'); left > 0; left--) {
    entries.push(readEntry(reader, allowance))
  }
  reader.end()
  const read = { task, flush, part, parts, sources, watermark, idle, stream, entries }
  return pairs.length === 0 ? read : { ...read, pairs }
}

function readPairs(reader: ByteReader): PairEntry[] {
  const pairs: PairEntry[] = []
  for (let left = reader.listLength(PAIR_BYTES_MIN, 'pairs'); left > 0; left--) pairs.push(readPair(reader))
  return pairs
}

/** An entry as it stands in a delta. */
export function encodeEntry(entry: DeltaEntry): Uint8Array {
  const writer = new ByteWriter()
  writeEntry(writer, entry)
  return writer.finish()
}

/** Bytes an entry takes in an encoded delta. */
export function encodedEntryBytes(entry: DeltaEntry): number {
  if (entry.encoded) return entry.encoded.byteLength
  const writer = new ByteWriter()
  writeEntry(writer, entry)
  return writer.length
}

/** Cells an entry takes when decoded. */
export function cellCount({ sketch }: DeltaEntry): number {
  return outcomeCells(sketch.performance) + (sketch.block === null ? 0 : shapeCells(sketch.block.shape))
}

function writeSource(writer: ByteWriter, source: DeltaSource): void {
  writer.text(source.topic)
  for (const value of [source.partition, source.from, source.to]) writer.varint(value)
  writer.float64(source.readUntil)
}

function readSource(reader: ByteReader): DeltaSource {
  const topic = reader.text()
  const [partition, from, to] = [reader.varint(), reader.varint(), reader.varint()]
  if (from > to) throw reader.fault(`an offset from ${from} on`, String(to))
  return { topic, partition, from, to, readUntil: reader.number('the time read until') }
}

function readStreamCounts(reader: ByteReader, version: number): StreamCounts {
  const counts = {} as StreamCounts
  for (const field of STREAM_COUNTS) {
    counts[field] = field === 'waiting' && version < VERSION_WAITING ? 0 : reader.varint()
  }
  return counts
}

function writeEntry(writer: ByteWriter, entry: DeltaEntry): void {
  if (entry.encoded) {
    writer.bytes(entry.encoded)
    return
  }
  writer.text(entry.model)
  writer.text(entry.version)
  writer.float64(entry.paneStart)
  writer.byte(entry.referenceId === null ? 0 : 1)
  if (entry.referenceId !== null) writer.text(entry.referenceId)
  writePaneSketch(writer, entry.sketch)
}

function readEntry(reader: ByteReader, allowance: CellAllowance): DeltaEntry {
  const model = reader.text()
  const version = reader.text()
  const paneStart = reader.float64()
  if (!Number.isFinite(paneStart)) throw reader.fault('a finite pane start', String(paneStart))
  const referenceId = reader.flag('a reference id') ? reader.text() : null
  return { model, version, paneStart, referenceId, sketch: readPaneSketch(reader, allowance) }
}
