import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { parseJson } from '../events/cloud-event.ts'
import { headerText } from '../events/headers.ts'
import type { Log, LogRecord, OutgoingRecord, Position, TopicPartition } from '../log/port.ts'
import { unlessRefused } from './read-events.ts'

/** Half of a broker's default record limit. */
const CHUNK_BYTES = 512 * 1024
/** More than any state that fits into memory beside its own snapshot. */
const BYTES_MAX = 2 ** 32

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
export interface PackedSnapshot extends Described {
  readonly bytes: Uint8Array
}

/** A snapshot as it was found, its bytes not yet looked at. */
export interface FoundSnapshot extends SnapshotManifest {
  readonly bytes: Uint8Array
}

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Takes the state as it is now; what is done to it afterwards does not show. */
export async function packSnapshot(state: unknown, described: Described): Promise<PackedSnapshot> {
  return { ...described, bytes: await compress(serialize(state)) }
}

/** The records of one snapshot, to be written in the transaction that commits `positions`. */
export function snapshotRecords(
  { bytes, ...described }: PackedSnapshot,
  positions: readonly Position[],
  to: TopicPartition,
  now: number,
): OutgoingRecord[] {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const id = `${now}-${sha256.slice(0, 16)}`
  const record = (value: Uint8Array, headers: Record<string, string>): OutgoingRecord => {
    return { topic: to.topic, partition: to.partition, key: null, value, headers, timestamp: now }
  }
  const chunks: OutgoingRecord[] = []
  for (let from = 0; from < bytes.byteLength; from += CHUNK_BYTES) {
    const headers = { [ID_HEADER]: id, [CHUNK_HEADER]: String(chunks.length) }
    chunks.push(record(bytes.subarray(from, from + CHUNK_BYTES), headers))
  }
  const whole: SnapshotManifest = { ...described, positions: [...positions], chunks: chunks.length, sha256 }
  return [...chunks, record(Buffer.from(JSON.stringify(whole)), { [ID_HEADER]: id })]
}

/** What was packed. Throws where the bytes are not those that were written. */
export async function unpackSnapshot({ bytes, sha256 }: FoundSnapshot): Promise<unknown> {
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new Error(`expected bytes with the hash ${sha256}, got ${found}`)
  return deserialize(await decompress(bytes, { maxOutputLength: BYTES_MAX }))
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
