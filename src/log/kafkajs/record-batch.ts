import type { LogRecord } from '../port.ts'
import { FetchedRecord } from './fetched-record.ts'
import { malformed, WireReader } from './wire-reader.ts'

/** Base offset and length, which stand before what the length counts. */
const PREFIX_BYTES = 12
const HEADER_BYTES = 61
const MAGIC_AT = 16
const MAGIC = 2

const CODEC_MASK = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

/** The least a record can take: its length and six fields of a byte. */
const RECORD_BYTES_MIN = 7

/** What a record batch says of itself, before any of its records is read. */
export interface BatchHeader {
  readonly baseOffset: number
  /** Of the batch as it was written: compaction removes records and leaves it. */
  readonly lastOffset: number
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly codec: number
  readonly isTransactional: boolean
  /** Written by the broker, not by a producer: the end of a transaction. */
  readonly isControl: boolean
  readonly producerId: number
  readonly baseTimestamp: number
  /** The broker's time of writing holds for every record instead of the producers' times. */
  readonly logTime: number | null
  readonly recordCount: number
  readonly recordsAt: number
  readonly end: number
}

/**
 * The header of the batch that begins at `at`; null where the bytes end before the batch does, as the last
 * one of a fetch usually does.
 *
 * Format: record batch v2 of KIP-98. Its checksum is not compared: TCP has one, TLS a better one.
 * @throws BATCH_UNDECODABLE for the message formats of before Kafka 0.11, and for lengths that cannot be
 */
export function readBatchHeader(bytes: Buffer, at: number): BatchHeader | null {
  if (bytes.length - at < MAGIC_AT + 1) return null
  const magic = bytes.readInt8(at + MAGIC_AT)
  if (magic !== MAGIC) throw malformed('record batches of format 2 (Kafka 0.11 and later)', magic)
  const length = bytes.readInt32BE(at + 8)
  if (length < HEADER_BYTES - PREFIX_BYTES) throw malformed('a whole batch header', `${length} bytes`)
  const end = at + PREFIX_BYTES + length
  if (end > bytes.length) return null
  const reader = new WireReader(bytes, at, end)
  const baseOffset = reader.int64()
  // Length, leader epoch, format and checksum.
  reader.advance(4 + 4 + 1 + 4)
  const attributes = reader.int16()
  const lastOffsetDelta = reader.int32()
  const baseTimestamp = reader.int64()
  const maxTimestamp = reader.int64()
  const producerId = reader.int64()
  // Producer epoch and first sequence number.
  reader.advance(2 + 4)
  const recordCount = reader.int32()
  const lastOffset = baseOffset + lastOffsetDelta
  if (baseOffset < 0 || lastOffsetDelta < 0 || !Number.isSafeInteger(lastOffset)) {
    throw malformed('a batch of offsets below 2^53', `${baseOffset} and ${lastOffsetDelta} more`)
  }
  if (recordCount < 0) throw malformed('a number of records', recordCount)
  return {
    baseOffset,
    lastOffset,
    codec: attributes & CODEC_MASK,
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    producerId,
    baseTimestamp,
    logTime: (attributes & LOG_APPEND_TIME) !== 0 ? maxTimestamp : null,
    recordCount,
    recordsAt: reader.at,
    end,
  }
}

/**
 * Appends the records of a batch at or behind `from`. One after the other: a batch of a hundred thousand
 * records spread into the arguments of one call overflows the stack.
 * @param bytes the records, no longer compressed, between `at` and `end`
 * @throws BATCH_UNDECODABLE when they are not exactly the records that the header announces
 */
export function appendRecords(
  records: LogRecord[],
  header: BatchHeader,
  from: number,
  bytes: Buffer,
  at: number,
  end: number,
): void {
  const { baseOffset, lastOffset, recordCount, logTime } = header
  if (recordCount * RECORD_BYTES_MIN > end - at) {
    throw malformed(`${recordCount} records`, `${end - at} bytes for them`)
  }
  const reader = new WireReader(bytes, at, end)
  const time = logTime ?? header.baseTimestamp
  for (let index = 0; index < recordCount; index++) {
    const length = reader.varint()
    const recordEnd = reader.at + length
    if (length < 0 || recordEnd > end) throw malformed('a record within its batch', `${length} bytes`)
    const record = new FetchedRecord(reader, recordEnd, baseOffset, time, logTime !== null)
    if (record.offset < baseOffset || record.offset > lastOffset) {
      throw malformed(`an offset from ${baseOffset} to ${lastOffset}`, record.offset)
    }
    if (record.offset >= from) records.push(record)
  }
  if (reader.at !== end) throw malformed(`${recordCount} records and nothing behind`, `${reader.left} bytes`)
}
