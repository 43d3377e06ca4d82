import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { LogRecord, Position } from '../port.ts'
import { type AbortedTransaction, AbortedTransactions } from './aborted-transactions.ts'
import { appendRecords, type BatchHeader, readBatchHeader } from './record-batch.ts'
import { unpack } from './unpack-batch.ts'
import { malformed } from './wire-reader.ts'

/** What the bytes of one partition in a fetch hold. */
export interface DecodedRecords {
  readonly records: readonly LogRecord[]
  readonly nextOffset: number
}

/**
 * The committed records at or behind a position, and where reading goes on.
 *
 * It goes on behind the last whole batch, whatever is left of it. Symptom in kafkajs 2.2.4 without that: a
 * consumer that stands still before batches whose records compaction has removed (it leaves their headers),
 * because the client reads the next offset off the last record. Seen in kafkajs issues 562 and 1072.
 * @param bytes whole record batches, perhaps with a part of one more at the end
 * @throws BATCH_UNDECODABLE, with topic, partition and offset, for bytes that are no record batches
 */
export async function decodePartition(
  bytes: Buffer,
  aborted: readonly AbortedTransaction[],
  { topic, partition, offset }: Position,
): Promise<DecodedRecords> {
  const records: LogRecord[] = []
  let nextOffset = offset
  try {
    const headers = wholeBatches(bytes, offset)
    const transactions = new AbortedTransactions(aborted)
    const counted = headers.filter((header) => transactions.counts(header, bytes))
    const unpacked = await unpackAll(bytes, counted)
    for (const [index, header] of counted.entries()) {
      const { bytes: recordBytes, at, end } = unpacked[index]!
      appendRecords(records, header, offset, recordBytes, at, end)
    }
    const last = headers.at(-1)
    if (last !== undefined) nextOffset = Math.max(offset, last.lastOffset + 1)
  } catch (error) {
    if (!(error instanceof DriftstreamError)) throw error
    throw new DriftstreamError(
      error.code,
      `in the batches of ${topic}/${partition} from offset ${offset} on: ${error.message}`,
      { topic, partition, offset },
      { cause: error },
    )
  }
  return { records, nextOffset }
}

/** Batches wholly before the position, which a broker may send along, are left out. */
function wholeBatches(bytes: Buffer, from: number): BatchHeader[] {
  const headers: BatchHeader[] = []
  let at = 0
  for (let header = readBatchHeader(bytes, at); header !== null; header = readBatchHeader(bytes, at)) {
    if (header.lastOffset >= from) headers.push(header)
    at = header.end
  }
  // The first batch is sent whole, however large; a part of it alone would be asked for again for ever.
  if (at === 0 && bytes.length > 0) throw malformed('a whole record batch', `${bytes.length} bytes of one`)
  return headers
}

interface Stretch {
  readonly bytes: Buffer
  readonly at: number
  readonly end: number
}

function unpackAll(bytes: Buffer, headers: readonly BatchHeader[]): Promise<Stretch[]> | Stretch[] {
  const plain = headers.map(({ recordsAt, end }) => ({ bytes, at: recordsAt, end }))
  if (headers.every(({ codec }) => codec === 0)) return plain
  const unpacking = headers.map(async ({ codec, recordsAt, end }, index) => {
    // What compaction left without records is not packed, whatever the header says.
    if (codec === 0 || recordsAt === end) return plain[index]!
    const unpacked = await unpack(codec, bytes.subarray(recordsAt, end))
    return { bytes: unpacked, at: 0, end: unpacked.length }
  })
  return Promise.all(unpacking)
}
