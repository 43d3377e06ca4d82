/** One record of a batch to be written; offsets count up from the batch's first unless told. */
export interface WrittenRecord {
  readonly key?: Buffer | string | null
  readonly value?: Buffer | string | null
  readonly headers?: readonly (readonly [string, string | Buffer | null])[]
  readonly offsetDelta?: number
  readonly timestampDelta?: number
}

export interface WrittenBatch {
  readonly baseOffset: number
  readonly records: readonly WrittenRecord[]
  /** Of the batch as first written; compaction leaves it when it takes records away. */
  readonly lastOffset?: number
  readonly baseTimestamp?: number
  readonly maxTimestamp?: number
  readonly producerId?: number
  readonly transactional?: boolean
  readonly control?: boolean
  readonly logAppendTime?: boolean
  readonly codec?: number
  readonly pack?: (records: Buffer) => Buffer
  readonly magic?: number
  readonly recordCount?: number
}

const HEADER_BYTES = 61

/** A record batch v2 as a broker stores it; the checksum is left zero. */
export function recordBatch(batch: WrittenBatch): Buffer {
  const { baseOffset, records, baseTimestamp = 1_000, pack = (plain: Buffer) => plain } = batch
  const body = pack(Buffer.concat(records.map(writtenRecord)))
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeBigInt64BE(BigInt(baseOffset), 0)
  header.writeInt32BE(HEADER_BYTES - 12 + body.length, 8)
  header.writeInt8(batch.magic ?? 2, 16)
  const flags =
    (batch.codec ?? 0) |
    (batch.logAppendTime === true ? 0x08 : 0) |
    (batch.transactional === true ? 0x10 : 0) |
    (batch.control === true ? 0x20 : 0)
  header.writeInt16BE(flags, 21)
  const lastOffset = batch.lastOffset ?? baseOffset + Math.max(0, records.length - 1)
  header.writeInt32BE(lastOffset - baseOffset, 23)
  header.writeBigInt64BE(BigInt(baseTimestamp), 27)
  header.writeBigInt64BE(BigInt(batch.maxTimestamp ?? baseTimestamp), 35)
  header.writeBigInt64BE(BigInt(batch.producerId ?? -1), 43)
  header.writeInt32BE(batch.recordCount ?? records.length, 57)
  return Buffer.concat([header, body])
}

/** The end of a transaction, as the broker writes it. */
export function endMarker(baseOffset: number, producerId: number, end: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, end === 'abort' ? 0 : 1])
  const records = [{ key, value: Buffer.alloc(6) }]
  return recordBatch({ baseOffset, records, producerId, transactional: true, control: true })
}

function writtenRecord(record: WrittenRecord, index: number): Buffer {
  const headers = record.headers ?? []
  const fields = Buffer.concat([
    Buffer.from([0]),
    varint(record.timestampDelta ?? index),
    varint(record.offsetDelta ?? index),
    sized(record.key ?? null),
    sized(record.value ?? null),
    varint(headers.length),
    ...headers.flatMap(([name, value]) => [sized(name), sized(value)]),
  ])
  return Buffer.concat([varint(fields.length), fields])
}

function sized(value: Buffer | string | null): Buffer {
  if (value === null) return varint(-1)
  const bytes = Buffer.from(value)
  return Buffer.concat([varint(bytes.length), bytes])
}

/** Zigzag, seven bits a byte, the lowest first. */
export function varint(value: number): Buffer {
  let rest = value >= 0 ? BigInt(value) * 2n : BigInt(-value) * 2n - 1n
  const bytes: number[] = []
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)])
}
