import { DriftstreamError } from '../errors/driftstream-error.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads what `ByteWriter` wrote, and trusts none of it: every read checks what is left, so bytes that lie
 * about a length cost nothing.
 * @throws DELTA_UNDECODABLE from every method that finds too few bytes or other bytes than it expects
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    this.expectLeft(1)
    return this.#bytes[this.#at++]!
  }

  /** A byte that is 0 or 1. */
  flag(what: string): boolean {
    const value = this.byte()
    if (value > 1) throw this.fault(`0 or 1 for ${what}`, String(value))
    return value === 1
  }

  varint(): number {
    let value = 0
    for (let factor = 1; factor <= 2 ** 49; factor *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) break
        return value
      }
    }
    throw this.fault('a whole number below 2^53', 'a longer one')
  }

  /** Fills the cells from `from` up to `to`, one varint of at most 32 bits each. */
  varintsInto(cells: Uint32Array, from: number, to: number): void {
    const bytes = this.#bytes
    for (let cell = from; cell < to; cell++) {
      const byte = bytes[this.#at]
      if (byte !== undefined && byte < 0x80) {
        cells[cell] = byte
        this.#at++
      } else cells[cell] = this.varintUpTo(0xffff_ffff, 'a count')
    }
  }

  /** A whole number that may not exceed `max`. */
  varintUpTo(max: number, what: string): number {
    const value = this.varint()
    if (value > max) throw this.fault(`${what} up to ${max}`, String(value))
    return value
  }

  /** The length of a list whose items take at least `itemBytesMin` bytes each: the bytes left bound it. */
  listLength(itemBytesMin: number, what: string): number {
    return this.varintUpTo(Math.floor((this.#bytes.length - this.#at) / itemBytesMin), `a number of ${what}`)
  }

  float64(): number {
    this.expectLeft(8)
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  /** A double that is a number. */
  number(what: string): number {
    const value = this.float64()
    if (Number.isNaN(value)) throw this.fault(what, 'NaN')
    return value
  }

  text(): string {
    const lengthAndForm = this.varint()
    const length = Math.floor(lengthAndForm / 2)
    this.expectLeft(length)
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    if (lengthAndForm % 2 === 1) {
      if (length % 2 === 1) throw this.fault('UTF-16 text', `${length} bytes`)
      return utf16Text(bytes)
    }
    try {
      return utf8.decode(bytes)
    } catch {
      throw this.fault('UTF-8 text', `${length} other bytes`)
    }
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#at < this.#bytes.length)
      throw this.fault('the end', `${this.#bytes.length - this.#at} more bytes`)
  }

  fault(expected: string, got: string): DriftstreamError {
    return new DriftstreamError('DELTA_UNDECODABLE', `expected ${expected}, got ${got} at byte ${this.#at}`, {
      byte: this.#at,
      bytes: this.#bytes.length,
    })
  }

  /** At least so many bytes must follow. */
  expectLeft(count: number): void {
    const left = this.#bytes.length - this.#at
    if (left < count) throw this.fault(`${count} more bytes`, `${left}`)
  }
}

/** By hand, because a decoder would replace the lone surrogates for whose sake the text is UTF-16. */
function utf16Text(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 2) {
    text += String.fromCharCode(bytes[index]! | (bytes[index + 1]! << 8))
  }
  return text
}
