import type { Headers, HeaderValue } from '../events/headers.ts'
import type { LogRecord, OutgoingRecord } from './port.ts'

/** Records share a block for the search by timestamp; small enough to scan, large enough to skip. */
const BLOCK = 1024

const encoder = new TextEncoder()
const NO_HEADERS: Headers = Object.freeze({})

/**
 * One partition in memory. Like a broker's, its offsets have holes: every transaction leaves a marker that
 * takes an offset and is never delivered, so code that counts records instead of reading offsets fails here
 * as it would in production.
 */
export class MemoryPartition {
  /** Offset order; entries before `#head` are dropped and wait for the next compaction. */
  #records: LogRecord[] = []
  #head = 0
  #end = 0
  #newest = Number.NEGATIVE_INFINITY
  /** Largest timestamp of each run of BLOCK entries of `#records`. */
  #blockNewest: number[] = []
  readonly #retentionMs: number

  constructor(retentionMs: number) {
    this.#retentionMs = retentionMs
  }

  /** First offset still in the log; the end when it is empty. */
  get low(): number {
    return this.#records[this.#head]?.offset ?? this.#end
  }

  /** One past the last offset, markers included. */
  get high(): number {
    return this.#end
  }

  append(record: OutgoingRecord): void {
    const block = Math.floor(this.#records.length / BLOCK)
    this.#blockNewest[block] = Math.max(
      this.#blockNewest[block] ?? Number.NEGATIVE_INFINITY,
      record.timestamp,
    )
    this.#records.push({
      offset: this.#end++,
      timestamp: record.timestamp,
      key: record.key,
      value: record.value,
      headers: record.headers === undefined ? NO_HEADERS : asDelivered(record.headers),
    })
    if (record.timestamp > this.#newest) this.#newest = record.timestamp
    this.#retain()
  }

  /** Ends a transaction that wrote here: the marker takes one offset. */
  appendMarker(): void {
    this.#end++
  }

  /** Up to `max` records from `from` (or the first still there) and before `to`, and where reading goes on. */
  slice(from: number, to: number, max: number): { records: LogRecord[]; nextOffset: number } {
    const start = this.#indexOf(from)
    const stop = Math.min(start + max, this.#indexOf(to))
    const reached = this.#records[stop]?.offset ?? this.#end
    return { records: this.#records.slice(start, stop), nextOffset: Math.max(from, Math.min(to, reached)) }
  }

  /** First offset whose timestamp is at or after `timestamp`; the end where none is. */
  offsetAt(timestamp: number): number {
    for (let block = Math.floor(this.#head / BLOCK); block < this.#blockNewest.length; block++) {
      if (this.#blockNewest[block]! < timestamp) continue
      const stop = Math.min((block + 1) * BLOCK, this.#records.length)
      for (let index = Math.max(block * BLOCK, this.#head); index < stop; index++) {
        const record = this.#records[index]!
        if (record.timestamp >= timestamp) return record.offset
      }
    }
    return this.#end
  }

  /** Index of the first record at or after `offset`, by bisection because of the markers' holes. */
  #indexOf(offset: number): number {
    let low = this.#head
    let high = this.#records.length
    if (offset >= this.#end) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#records[middle]!.offset < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  #retain(): void {
    const oldest = this.#newest - this.#retentionMs
    while (this.#head < this.#records.length && this.#records[this.#head]!.timestamp < oldest) this.#head++
    // Whole blocks only, and only when they are half of the array: each record is moved at most once a halving.
    const blocks = Math.floor(this.#head / BLOCK)
    if (blocks === 0 || this.#head * 2 < this.#records.length) return
    this.#records = this.#records.slice(blocks * BLOCK)
    this.#blockNewest = this.#blockNewest.slice(blocks)
    this.#head -= blocks * BLOCK
  }
}

/** Headers as a consumer gets them from a broker: text as its UTF-8 bytes, one value bare, several as a list. */
function asDelivered(headers: Headers): Headers {
  const delivered: Record<string, HeaderValue | readonly HeaderValue[]> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    const values = (Array.isArray(value) ? (value as readonly HeaderValue[]) : [value as HeaderValue]).map(
      bytes,
    )
    if (values.length > 0) delivered[name] = values.length === 1 ? values[0]! : values
  }
  return delivered
}

function bytes(value: HeaderValue): Uint8Array {
  return typeof value === 'string' ? encoder.encode(value) : value
}
