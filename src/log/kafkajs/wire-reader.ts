import { DriftstreamError } from '../../errors/driftstream-error.ts'

/** What a reader throws, so that whoever knows the place can name it. */
export function malformed(expected: string, got: string | number): DriftstreamError {
  return new DriftstreamError('BATCH_UNDECODABLE', `expected ${expected}, got ${got}`)
}

/**
 * Reads Kafka's wire format, big-endian, from `at` up to `end` and never past it.
 *
 * 64-bit numbers come as JavaScript numbers: what a number cannot hold exactly is refused, since no offset,
 * time or producer id of a living broker is that large.
 * @throws BATCH_UNDECODABLE from every method, when the bytes end too soon or a number is out of its range
 */
export class WireReader {
  readonly bytes: Buffer
  readonly end: number
  at: number

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get left(): number {
    return this.end - this.at
  }

  int8(): number {
    return this.bytes.readInt8(this.advance(1))
  }

  int16(): number {
    return this.bytes.readInt16BE(this.advance(2))
  }

  int32(): number {
    return this.bytes.readInt32BE(this.advance(4))
  }

  int64(): number {
    const at = this.advance(8)
    const value = this.bytes.readInt32BE(at) * 0x1_0000_0000 + this.bytes.readUInt32BE(at + 4)
    if (!Number.isSafeInteger(value)) throw malformed('a number within ±2^53', value)
    return value
  }

  /** A text with its length in two bytes; null where the length is -1. */
  text(): string | null {
    const length = this.int16()
    if (length < 0) return null
    const at = this.advance(length)
    return this.bytes.toString('utf8', at, at + length)
  }

  /** How many entries follow; a list that is null has none. `bytesEach` is the least that one takes. */
  count(bytesEach: number): number {
    const count = this.int32()
    if (count * bytesEach > this.left) throw malformed(`at most ${this.left} bytes of entries`, count)
    return Math.max(0, count)
  }

  /** Zigzag, 32 bits: lengths and deltas of offsets. */
  varint(): number {
    const { bytes, end } = this
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= end) throw malformed('a number', 'the end')
      const byte = bytes[this.at++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    throw malformed('a number of at most 5 bytes', 'more')
  }

  /** Zigzag, 64 bits: deltas of timestamps. */
  varlong(): number {
    const { bytes, end } = this
    let value = 0
    for (let unit = 1; unit < 2 ** 70; unit *= 128) {
      if (this.at >= end) throw malformed('a number', 'the end')
      const byte = bytes[this.at++]!
      value += (byte & 0x7f) * unit
      if (byte >= 0x80) continue
      if (value > Number.MAX_SAFE_INTEGER) throw malformed('a number within ±2^52', value)
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    throw malformed('a number of at most 10 bytes', 'more')
  }

  /** Moves over so many bytes and returns where they begin. */
  advance(length: number): number {
    const at = this.at
    if (length > this.end - at) throw malformed(`${length} bytes`, `${this.end - at} before the end`)
    this.at = at + length
    return at
  }
}
