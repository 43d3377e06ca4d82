import type { ByteRange } from '../events/byte-range.ts'

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** Longer ids than the schema lets through take a larger buffer. */
const BYTES_MIN = 1_024

/**
 * An id as the table of waiting ids compares it: its UTF-16 units in bytes, one each where all are below 256,
 * otherwise two, the lower one first. One object takes id after id, and ids that lie in a record's bytes
 * are looked up without a string being made of them.
 */
export class IdUnits {
  bytes: Uint8Array = new Uint8Array(BYTES_MIN)
  start = 0
  /** In bytes. */
  length = 0
  isWide = false
  /** FNV-1a over the units, mixed as in MurmurHash3. */
  hash = 0
  #spelled = this.bytes

  /** Takes an id: a text, or bytes that are its units. They must stay as they are until the next one. */
  take(id: string | ByteRange): this {
    if (typeof id === 'string') this.#spell(id)
    else {
      this.bytes = id.bytes
      this.start = id.start
      this.length = id.end - id.start
      this.isWide = false
      this.hash = mixed(hashOfBytes(id.bytes, id.start, id.end))
    }
    return this
  }

  #spell(id: string): void {
    if (this.#spelled.length < 2 * id.length) this.#spelled = new Uint8Array(2 * id.length)
    const bytes = this.#spelled
    let hash = FNV_OFFSET
    let above = 0
    for (let at = 0; at < id.length; at++) {
      const unit = id.charCodeAt(at)
      hash = Math.imul(hash ^ unit, FNV_PRIME)
      above |= unit
      bytes[at] = unit
    }
    this.isWide = above > 0xff
    if (this.isWide) {
      for (let at = 0; at < id.length; at++) {
        bytes[2 * at] = id.charCodeAt(at)
        bytes[2 * at + 1] = id.charCodeAt(at) >>> 8
      }
    }
    this.bytes = bytes
    this.start = 0
    this.length = this.isWide ? 2 * id.length : id.length
    this.hash = mixed(hash)
  }
}

function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME)
  return hash
}

function mixed(fnv: number): number {
  let hash = Math.imul(fnv ^ (fnv >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
