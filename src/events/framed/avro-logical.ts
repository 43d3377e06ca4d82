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
  return logicalType === 'decimal' && (type === 'bytes' || type === 'fixed')
    ? (from) => decimal(read(from) as Buffer, typeof scale === 'number' ? scale : 0)
    : read
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

/** Two's complement, most significant byte first. */
function decimal(bytes: Buffer, scale: number): number {
  if (bytes.length === 0) return 0
  const unsigned = BigInt(`0x${bytes.toString('hex')}`)
  return Number(`${BigInt.asIntN(8 * bytes.length, unsigned)}e-${scale}`)
}
