const encoder = new TextEncoder()

/** Writes varints, doubles and texts into one growing byte array. */
export class ByteWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length)
    this.#bytes.set(values, this.#length)
    this.#length += values.length
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the low ones first, the top bit says "goes on". */
  varint(value: number): void {
    this.#reserve(8)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  /** The cells from `from` up to `to`, one varint each. */
  varints(cells: Uint32Array, from: number, to: number): void {
    this.#reserve(5 * (to - from))
    const bytes = this.#bytes
    let at = this.#length
    for (let cell = from; cell < to; cell++) {
      let rest = cells[cell]!
      while (rest >= 0x80) {
        bytes[at++] = rest | 0x80
        rest >>>= 7
      }
      bytes[at++] = rest
    }
    this.#length = at
  }

  float64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  /** Any JavaScript string. Lone surrogates, which UTF-8 cannot carry, make it travel as UTF-16. */
  text(value: string): void {
    const wellFormed = value.isWellFormed()
    const bytes = wellFormed ? encoder.encode(value) : utf16Bytes(value)
    this.varint(2 * bytes.length + (wellFormed ? 0 : 1))
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** What was written, until something else is. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Forgets what was written and keeps the room for it. */
  clear(): void {
    this.#length = 0
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Bytes that `varint` needs for a value. */
export function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++
  return length
}

function utf16Bytes(value: string): Uint8Array {
  const bytes = new Uint8Array(2 * value.length)
  for (let index = 0; index < value.length; index++) {
    bytes[2 * index] = value.charCodeAt(index) & 0xff
    bytes[2 * index + 1] = value.charCodeAt(index) >>> 8
  }
  return bytes
}
