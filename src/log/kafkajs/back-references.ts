import { malformed } from './wire-reader.ts'

/**
 * The output of a codec that writes literals and repeats of what it wrote before (LZ4, Snappy): grows as
 * needed, and never beyond a bound.
 */
export class RepeatingOutput {
  readonly #bytesMax: number
  #bytes: Buffer
  #length = 0

  constructor(sizeHint: number, bytesMax: number) {
    this.#bytesMax = bytesMax
    this.#bytes = Buffer.allocUnsafe(Math.min(Math.max(sizeHint, 64), bytesMax))
  }

  get length(): number {
    return this.#length
  }

  /** Nothing is written any more: the bytes so far. */
  finished(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  literal(source: Buffer, at: number, length: number): void {
    if (length > source.length - at) throw malformed(`${length} literal bytes`, source.length - at)
    this.#reserve(length)
    source.copy(this.#bytes, this.#length, at, at + length)
    this.#length += length
  }

  /** `length` bytes from `distance` before the end; what is written now may be part of what is repeated. */
  repeat(distance: number, length: number): void {
    if (distance < 1 || distance > this.#length) {
      throw malformed(`a repeat from within ${this.#length} bytes`, distance)
    }
    this.#reserve(length)
    const bytes = this.#bytes
    const from = this.#length - distance
    if (distance >= length) {
      bytes.copyWithin(this.#length, from, from + length)
    } else {
      for (let index = 0; index < length; index++) bytes[this.#length + index] = bytes[from + index]!
    }
    this.#length += length
  }

  #reserve(length: number): void {
    const needed = this.#length + length
    if (needed <= this.#bytes.length) return
    if (needed > this.#bytesMax) throw malformed(`at most ${this.#bytesMax} bytes unpacked`, needed)
    const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, this.#bytes.length * 2), this.#bytesMax))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
