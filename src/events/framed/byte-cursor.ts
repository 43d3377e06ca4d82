import { DriftstreamError } from '../../errors/driftstream-error.ts'
import { decodeUtf8 } from '../cloud-event.ts'

/** Records within records; a schema may refer to itself, and bytes of chance would follow it for long. */
const DEPTH_MAX = 64

/** Reads a payload from its first byte to its last; whatever does not fit in what is left is refused. */
export class ByteCursor {
  readonly #bytes: Buffer
  readonly #view: DataView
  #at: number
  #depth = 0
  #items = 0

  constructor(bytes: Uint8Array, at = 0) {
    const { buffer, byteOffset, byteLength } = bytes
    this.#bytes = bytes instanceof Buffer ? bytes : Buffer.from(buffer, byteOffset, byteLength)
    // Reads numbers at a fraction of a buffer's cost.
    this.#view = new DataView(buffer, byteOffset, byteLength)
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw this.malformed('one more byte', 'the end')
    return byte
  }

  /** A zigzag varint of up to 64 bits; a bigint where no number holds it exactly. */
  long(): number | bigint {
    let low = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte()
      low |= (byte & 0x7f) << shift
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1)
    }
    let high = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte()
      high |= (byte & 0x7f) << shift
      if (byte < 0x80) return unzigzag(low, high, 0)
    }
    const ninth = this.byte()
    const top = ninth < 0x80 ? ninth : (ninth & 0x7f) | (this.byte() << 7)
    if (top > 0xff) throw this.malformed('an integer of at most 64 bits', 'more')
    return unzigzag(low, high, top)
  }

  /** A zigzag varint of up to 32 bits. */
  int(): number {
    const value = this.long()
    if (typeof value === 'bigint' || value !== (value | 0)) {
      throw this.malformed('an integer of at most 32 bits', String(value))
    }
    return value
  }

  /** A length or a count: a long that is neither negative nor more than the bytes that are left. */
  size(what: string): number {
    return this.checkSize(this.long(), what)
  }

  checkSize(size: number | bigint, what: string): number {
    if (typeof size === 'bigint' || size < 0 || size > this.left) {
      throw this.malformed(`${what} within the ${this.left} bytes that are left`, String(size))
    }
    return size
  }

  /**
   * A number of items that follow, of all that were announced so far never more than bytes: items of no bytes
   * are thinkable, and block after block of them would ask for the square of the payload's length.
   */
  items(count: number | bigint): number {
    const checked = this.checkSize(count, 'a number of items')
    this.#items += checked
    if (this.#items > this.#bytes.length) {
      throw this.malformed(`at most ${this.#bytes.length} items in all`, String(this.#items))
    }
    return checked
  }

  float(): number {
    return this.#view.getFloat32(this.#advance(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#advance(8), true)
  }

  /** A view of the next bytes. */
  bytes(length: number): Buffer {
    const from = this.#advance(length)
    return this.#bytes.subarray(from, from + length)
  }

  text(length: number): string {
    const bytes = this.bytes(length)
    try {
      return decodeUtf8(bytes)
    } catch {
      throw this.malformed('UTF-8', `${length} bytes that are none`)
    }
  }

  /** One level further in; `leave` ends it. */
  enter(): void {
    if (++this.#depth > DEPTH_MAX) throw this.malformed(`at most ${DEPTH_MAX} levels`, 'more')
  }

  leave(): void {
    this.#depth--
  }

  malformed(expected: string, got: string): DriftstreamError {
    const place = `byte ${Math.min(this.#at, this.#bytes.length)} of ${this.#bytes.length}`
    return new DriftstreamError('EVENT_UNDECODABLE', `${place}: expected ${expected}, got ${got}`)
  }

  #advance(length: number): number {
    if (length > this.left) throw this.malformed(`${length} more bytes`, `${this.left}`)
    const from = this.#at
    this.#at += length
    return from
  }
}

/** The parts have 28, 28 and 8 bits. */
function unzigzag(low: number, high: number, top: number): number | bigint {
  if (top === 0 && high < 2 ** 26) {
    const half = high * 2 ** 27 + (low >>> 1)
    return (low & 1) === 0 ? half : -half - 1
  }
  const whole = BigInt(low) | (BigInt(high) << 28n) | (BigInt(top) << 56n)
  return exact((whole >> 1n) ^ -(whole & 1n))
}

/** As a number where one holds it exactly. */
export function exact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
