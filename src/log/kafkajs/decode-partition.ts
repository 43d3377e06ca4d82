import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { LogRecord, Position } from '../port.ts'
import { type AbortedTransaction, AbortedTransactions } from './aborted-transactions.ts'
import { appendRecords, type BatchHeader, readBatchHeader } from './record-batch.ts'
import { unpack } from './unpack-batch.ts'
import { malformed } from './wire-reader.ts'

/** What the bytes of one partition in a fetch hold. */
export interface DecodedRecords {
  /**
   * Made when they are asked for, once: what a fetch ahead brings would otherwise be thousands of objects that
   * a garbage collector copies twice before anybody looks at them.
   * @throws BATCH_UNDECODABLE, each time
   */
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
 * @throws BATCH_UNDECODABLE, with topic, partition and offset, for bytes that are no record batches; what is
 * wrong within a batch shows when its records are asked for
 */
export async function decodePartition(
  bytes: Buffer,
  aborted: readonly AbortedTransaction[],
  { topic, partition, offset }: Position,
): Promise<DecodedRecords> {
  const position = { topic, partition, offset }
  try {
    const headers = wholeBatches(bytes, offset)
    const transactions = new AbortedTransactions(aborted)
    const counted = headers.filter((header) => transactions.counts(header, bytes))
    const unpacked = await unpackAll(bytes, counted)
    const last = headers.at(-1)
    const nextOffset = last === undefined ? offset : Math.max(offset, last.lastOffset + 1)
    return new UnpackedBatches(counted, unpacked, position, nextOffset)
  } catch (error) {
    throw placed(error, position)
  }
}

/** Batches whose records are still bytes, though no longer packed ones. */
class UnpackedBatches implements DecodedRecords {
  readonly nextOffset: number
  readonly #headers: readonly BatchHeader[]
  readonly #unpacked: readonly Stretch[]
  readonly #position: Position
  #records: LogRecord[] | null = null

  constructor(
    headers: readonly BatchHeader[],
    unpacked: readonly Stretch[],
    position: Position,
    nextOffset: number,
  ) {
    this.#headers = headers
    this.#unpacked = unpacked
    this.#position = position
    this.nextOffset = nextOffset
  }

  get records(): readonly LogRecord[] {
    this.#records ??= this.#read()
    return this.#records
  }

  #read(): LogRecord[] {
    const records: LogRecord[] = []
    try {
      for (const [index, header] of this.#headers.entries()) {
        const { bytes, at, end } = this.#unpacked[index]!
        appendRecords(records, header, this.#position.offset, bytes, at, end)
      }
    } catch (error) {
      throw placed(error, this.#position)
    }
    return records
  }
}

/** What is wrong with the bytes, and where they stood. */
function placed(error: unknown, { topic, partition, offset }: Position): unknown {
  if (!(error instanceof DriftstreamError)) return error
  return new DriftstreamError(
    error.code,
    `in the batches of ${topic}/${partition} from offset ${offset} on: ${error.message}`,
    { topic, partition, offset },
    { cause: error },
  )
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
