import type { ByteCursor } from './byte-cursor.ts'

type Read = (from: ByteCursor) => unknown

const DAY_MS = 86_400_000

/**
 * Times as epoch milliseconds, which is what an event's time is; decimals as the nearest number. What a
 * logical type is not known for reads as the type below it, as Avro asks.
 * Source: Apache Avro 1.12 specification, "Logical Types".
 */
export function withLogicalType(schema: Readonly<Record<string, unknown>>, read: Read): Read {
  const { type, logicalType, scale } = schema
  if (type === 'int' && logicalType === 'date') return (from) => DAY_MS * (read(from) as number)
  if (type === 'long' && typeof logicalType === 'string') {
    const parts = PARTS_A_MILLISECOND.get(logicalType.replace(/^local-/, ''))
    if (parts !== undefined) return (from) => floorDivided(read(from) as number | bigint, parts)
  }
  const isDecimal = logicalType === 'decimal' && (type === 'bytes' || type === 'fixed')
  return isDecimal && isScale(scale) ? (from) => decimal(read(from) as Buffer, scale ?? 0) : read
}

function isScale(scale: unknown): scale is number | undefined {
  return scale === undefined || (Number.isSafeInteger(scale) && (scale as number) >= 0)
}

const PARTS_A_MILLISECOND: ReadonlyMap<string, number> = new Map([
  ['timestamp-micros', 1_000],
  ['timestamp-nanos', 1_000_000],
])

function floorDivided(value: number | bigint, by: number): number {
  if (typeof value === 'number') return Math.floor(value / by)
  const divided = value / BigInt(by)
  return Number(value < 0n && divided * BigInt(by) !== value ? divided - 1n : divided)
}

/** Of a number below 2^1024, the least that is infinite, and of one decimal digit. */
const FINITE_BYTES = 128
const DIGIT_BYTES = Math.log2(10) / 8

/** Two's complement, most significant byte first. */
function decimal(bytes: Buffer, scale: number): number {
  if (bytes.length === 0) return 0
  const sign = bytes[0]! < 0x80 ? 0 : 0xff
  let from = 0
  while (from < bytes.length - 1 && bytes[from] === sign && bytes[from + 1]! >> 7 === sign >> 7) from++
  // Spelling a megabyte out in digits takes a second, and says no more than this.
  if (bytes.length - from > FINITE_BYTES + DIGIT_BYTES * scale + 2) return sign === 0 ? Infinity : -Infinity
  const significant = bytes.subarray(from)
  const unsigned = BigInt(`0x${significant.toString('hex')}`)
  return Number(`${BigInt.asIntN(8 * significant.length, unsigned)}e-${scale}`)
}
