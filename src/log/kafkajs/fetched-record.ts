import type { CopyableValue } from '../../events/copyable-value.ts'
import type { Headers, HeaderValue } from '../../events/headers.ts'
import type { LogRecord } from '../port.ts'
import { malformed, WireReader } from './wire-reader.ts'

const NO_HEADERS: Headers = Object.freeze({})
const EMPTY = new Uint8Array(0)

/**
 * One record of a fetch. Key, value and headers are cut out of the fetch's bytes when asked for, each time:
 * most records are read for their value alone, and a view of bytes costs more than the numbers it is made of.
 */
export class FetchedRecord implements LogRecord, CopyableValue {
  readonly offset: number
  readonly timestamp: number
  readonly #bytes: Buffer
  readonly #keyAt: number
  readonly #keyLength: number
  readonly #valueAt: number
  readonly #valueLength: number
  /** Where their number stands; 0 where there are none. */
  readonly #headersAt: number

  /**
   * Reads the record at which the reader stands, its length not included, up to `end`.
   * @throws BATCH_UNDECODABLE when the parts do not fill the record
   */
  constructor(reader: WireReader, end: number, baseOffset: number, baseTimestamp: number, logTime: boolean) {
    // Attributes of a single record have no meaning yet.
    reader.advance(1)
    const timestampDelta = reader.varlong()
    this.timestamp = logTime ? baseTimestamp : baseTimestamp + timestampDelta
    this.offset = baseOffset + reader.varint()
    this.#bytes = reader.bytes
    this.#keyLength = reader.varint()
    this.#keyAt = reader.advance(Math.max(0, this.#keyLength))
    this.#valueLength = reader.varint()
    this.#valueAt = reader.advance(Math.max(0, this.#valueLength))
    const headersAt = reader.at
    const headerCount = reader.varint()
    this.#headersAt = headerCount === 0 ? 0 : headersAt
    for (let header = 0; header < headerCount; header++) skipHeader(reader)
    if (headerCount < 0 || reader.at !== end) throw malformed(`a record of ${end} bytes`, reader.at)
  }

  get copyable(): CopyableValue | null {
    return this.#valueLength < 0 ? null : this
  }

  get valueLength(): number {
    return this.#valueLength
  }

  copyValue(into: Uint8Array): void {
    this.#bytes.copy(into, 0, this.#valueAt, this.#valueAt + this.#valueLength)
  }

  get key(): Uint8Array | null {
    if (this.#keyLength < 0) return null
    return this.#bytes.subarray(this.#keyAt, this.#keyAt + this.#keyLength)
  }

  get value(): Uint8Array | null {
    if (this.#valueLength < 0) return null
    return this.#bytes.subarray(this.#valueAt, this.#valueAt + this.#valueLength)
  }

  /** A header without a value reads as an empty one; one that comes twice is a list, in the order written. */
  get headers(): Headers {
    if (this.#headersAt === 0) return NO_HEADERS
    const reader = new WireReader(this.#bytes, this.#headersAt)
    // A Map first: `__proto__` is a name like any other.
    const headers = new Map<string, HeaderValue | readonly HeaderValue[]>()
    for (let left = reader.varint(); left > 0; left--) {
      const nameLength = reader.varint()
      const nameAt = reader.advance(nameLength)
      const name = this.#bytes.toString('utf8', nameAt, nameAt + nameLength)
      const length = reader.varint()
      const at = reader.advance(Math.max(0, length))
      const value = length < 0 ? EMPTY : this.#bytes.subarray(at, at + length)
      const before = headers.get(name)
      headers.set(name, before === undefined ? value : [before, value].flat())
    }
    return Object.fromEntries(headers)
  }
}

function skipHeader(reader: WireReader): void {
  const nameLength = reader.varint()
  if (nameLength < 0) throw malformed('a header with a name', nameLength)
  reader.advance(nameLength)
  reader.advance(Math.max(0, reader.varint()))
}
