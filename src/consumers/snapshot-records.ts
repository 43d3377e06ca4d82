import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { deserialize, serialize } from 'node:v8'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { parseJson } from '../events/cloud-event.ts'
import { headerText } from '../events/headers.ts'
import type { Log, LogRecord, OutgoingRecord, Position, TopicPartition } from '../log/port.ts'
import { unlessRefused } from './read-events.ts'
import type { Slices } from './slices.ts'

/** Half of a broker's default record limit. */
const CHUNK_BYTES = 512 * 1024
/** What is packed and unpacked between two answers of zlib: each costs a turn of the event loop. */
const PACKED_AT_ONCE = { chunkSize: 512 * 1024 }
/** Before every part: its length, in four bytes. */
const LENGTH_BYTES = 4

const ID_HEADER = 'driftstream.snapshot'
const CHUNK_HEADER = 'driftstream.chunk'

/** The last record of a snapshot: without it the chunks before it are none. */
const manifest = z.object({
  version: z.int(),
  configuration: z.string(),
  /** The state is that after all records before these. */
  positions: z.array(z.object({ topic: z.string(), partition: z.int(), offset: z.int() })),
  chunks: z.int().min(1),
  /** Of the chunks together, in hexadecimal. */
  sha256: z.string(),
})
export type SnapshotManifest = z.infer<typeof manifest>

/** What of a manifest is known before the positions are. */
type Described = Pick<SnapshotManifest, 'version' | 'configuration'>

/** A state on its way out: packed, and without the positions that only the flush knows. */
export interface PackedSnapshot extends Described, Pick<SnapshotManifest, 'sha256'> {
  readonly bytes: Uint8Array
}

/** A snapshot as it was found, its bytes not yet looked at. */
export interface FoundSnapshot extends SnapshotManifest {
  readonly bytes: Uint8Array
}

/**
 * Packs a state part by part; nothing may be done to it until it is packed, and what is done to it afterwards
 * does not show.
 */
export async function packSnapshot(
  parts: Iterable<unknown>,
  described: Described,
  slices: Slices,
): Promise<PackedSnapshot> {
  const hash = createHash('sha256')
  const packed: Uint8Array[] = []
  await pipeline(serialized(parts, slices), createZstdCompress(PACKED_AT_ONCE), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      hash.update(chunk)
      packed.push(chunk)
    }
  })
  return { ...described, bytes: Buffer.concat(packed), sha256: hash.digest('hex') }
}

async function* serialized(parts: Iterable<unknown>, slices: Slices): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const bytes = serialize(part)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(bytes.byteLength)
    yield length
    yield bytes
    await slices.turnOrGiveUp()
  }
}

/** The records of one snapshot, to be written in the transaction that commits `positions`. */
export function snapshotRecords(
  { bytes, sha256, ...described }: PackedSnapshot,
  positions: readonly Position[],
  to: TopicPartition,
  now: number,
): OutgoingRecord[] {
  const id = `${now}-${sha256.slice(0, 16)}`
  const record = (value: Uint8Array, headers: Record<string, string>): OutgoingRecord => {
    return { topic: to.topic, partition: to.partition, key: null, value, headers, timestamp: now }
  }
  const chunks: OutgoingRecord[] = []
  for (const chunk of chunksOf(bytes)) {
    const headers = { [ID_HEADER]: id, [CHUNK_HEADER]: String(chunks.length) }
    chunks.push(record(chunk, headers))
  }
  const whole: SnapshotManifest = { ...described, positions: [...positions], chunks: chunks.length, sha256 }
  return [...chunks, record(Buffer.from(JSON.stringify(whole)), { [ID_HEADER]: id })]
}

/**
 * The parts that were packed.
 * @throws where the bytes are not those that were written; the reason of the slices' signal, once it is aborted
 */
export async function* unpackSnapshot(
  { bytes, sha256 }: FoundSnapshot,
  slices: Slices,
): AsyncGenerator<unknown, void, undefined> {
  const hash = createHash('sha256')
  for (const chunk of chunksOf(bytes)) {
    hash.update(chunk)
    await slices.turnOrGiveUp()
  }
  const found = hash.digest('hex')
  if (found !== sha256) throw new Error(`expected bytes with the hash ${sha256}, got ${found}`)
  const unpacked = Readable.from(chunksOf(bytes)).pipe(createZstdDecompress(PACKED_AT_ONCE))
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk])
    let from = 0
    while (held.byteLength - from >= LENGTH_BYTES) {
      const start = from + LENGTH_BYTES
      const end = start + held.readUInt32LE(from)
      if (end > held.byteLength) break
      yield deserialize(held.subarray(start, end))
      await slices.turnOrGiveUp()
      from = end
    }
    held = held.subarray(from)
  }
  if (held.byteLength > 0) throw new Error(`expected whole parts, got ${held.byteLength} bytes of one`)
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.byteLength; from += CHUNK_BYTES) {
    yield bytes.subarray(from, from + CHUNK_BYTES)
  }
}

/** Records that are read first, from the end; then twice as many, until a snapshot is whole. */
const TAIL_RECORDS = 64

/** The newest snapshot of a partition that is there whole; null where none is. */
export async function findSnapshot(
  log: Log,
  { topic, partition }: TopicPartition,
): Promise<FoundSnapshot | null> {
  const ends = (await log.offsets(topic)).find((one) => one.partition === partition)
  if (ends === undefined) return null
  for (let records = TAIL_RECORDS; ; records *= 2) {
    const from = Math.max(ends.low, ends.high - records)
    const found = from < ends.high ? await newestIn(log, { topic, partition, from, to: ends.high }) : null
    if (found !== null || from <= ends.low) return found
  }
}

async function newestIn(
  log: Log,
  range: TopicPartition & { readonly from: number; readonly to: number },
): Promise<FoundSnapshot | null> {
  let newest: FoundSnapshot | null = null
  let id: string | undefined
  let chunks: Uint8Array[] = []
  for await (const batch of log.read([range])) {
    for (const record of batch.records) {
      const ofRecord = headerText(record.headers, ID_HEADER)
      // Each is written whole by the partition's one owner: another id means that the last one broke off.
      if (ofRecord !== id) chunks = []
      id = ofRecord
      if (headerText(record.headers, CHUNK_HEADER) !== undefined) chunks.push(copyOf(record))
      else {
        newest = assembled(record, chunks) ?? newest
        chunks = []
      }
    }
  }
  return newest
}

function assembled({ value }: LogRecord, chunks: readonly Uint8Array[]): FoundSnapshot | null {
  const parsed = value === null ? null : unlessRefused(() => manifest.safeParse(parseJson(value)))
  if (parsed?.success !== true || parsed.data.chunks !== chunks.length) return null
  return { ...parsed.data, bytes: Buffer.concat(chunks) }
}

/** A record's bytes alias those of a whole fetch. */
function copyOf({ value }: LogRecord): Uint8Array {
  return Uint8Array.from(value ?? [])
}
