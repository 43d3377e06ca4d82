/** One field of a protobuf message: its number, its value, and all its bytes with the tag. */
export interface Field {
  readonly number: number
  /** A number for a varint, else the bytes. */
  readonly value: bigint | Uint8Array
  readonly bytes: Uint8Array
}

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

/**
 * The fields of a protobuf message, in the order of its bytes, as views.
 *
 * Not by the reader of protobufjs: it takes a number that the end of the bytes cuts off for a whole one, and
 * reads lengths of more than 32 bits as others.
 * Source: https://protobuf.dev/programming-guides/encoding/
 * @throws RangeError for what is no message, or one that is cut off
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const start = at
    const tag = readVarint(message, at)
    const number = Number(tag.value >> 3n)
    const wire = Number(tag.value & 7n)
    at = tag.end
    let value: bigint | Uint8Array
    if (wire === VARINT) {
      const read = readVarint(message, at)
      value = read.value
      at = read.end
    } else {
      const size = wire === BYTES ? readVarint(message, at) : { value: fixedSize(wire, start), end: at }
      const end = size.end + Number(size.value)
      if (end > message.length) {
        throw new RangeError(
          `expected ${size.value} bytes at byte ${size.end}, got ${message.length - size.end}`,
        )
      }
      value = message.subarray(size.end, end)
      at = end
    }
    yield { number, value, bytes: message.subarray(start, at) }
  }
}

/** Whole numbers of a repeated field, written one by one or packed. */
export function integersOf({ value }: Field): bigint[] {
  if (typeof value === 'bigint') return [BigInt.asIntN(64, value)]
  const integers: bigint[] = []
  for (let at = 0; at < value.length; ) {
    const read = readVarint(value, at)
    integers.push(BigInt.asIntN(64, read.value))
    at = read.end
  }
  return integers
}

/** The text of a field; the empty text for a number. */
export function textOf({ value }: Field): string {
  return typeof value === 'bigint' ? '' : Buffer.from(value).toString('utf8')
}

/** A field whose value is bytes: a text or a message. */
export function bytesField(number: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([varint((number << 3) | BYTES), varint(value.length), value])
}

/** A field whose value is a number. */
export function numberField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint((number << 3) | VARINT), varint(value)])
}

function fixedSize(wire: number, at: number): bigint {
  if (wire === FIXED64) return 8n
  if (wire === FIXED32) return 4n
  throw new RangeError(`expected a field at byte ${at}, got the wire type ${wire}`)
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new RangeError(`expected a number at byte ${start}, got the end`)
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start))
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new RangeError(`expected a number of at most 10 bytes at byte ${start}`)
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
  return Uint8Array.from([...bytes, rest])
}
