import type { BatchHeader } from './record-batch.ts'
import { malformed, WireReader } from './wire-reader.ts'

/** A transaction that was aborted, as a fetch's answer names it: from this offset on its producer's batches do not count. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

const ABORT_MARKER = 0

/**
 * Tells, batch by batch in offset order, which records of a fetch belong to aborted transactions.
 *
 * Symptom in kafkajs 2.2.4 without it: records of aborted transactions are delivered, and committed ones can
 * be. Cause: it takes one aborted transaction off the list for each *record* it looks at, so that a fetch
 * which begins behind several of their first offsets filters too few producers; and it takes every record
 * whose key is four zero bytes for an abort marker, without looking whether the broker wrote it.
 * Here: all transactions that begin within a batch are taken at once, and markers are control batches alone.
 * As the Java client does; records of one batch never belong to two transactions.
 */
export class AbortedTransactions {
  readonly #ahead: AbortedTransaction[]
  readonly #aborting = new Set<number>()

  constructor(aborted: readonly AbortedTransaction[]) {
    // The last one first, so that the next one is popped.
    this.#ahead = aborted.toSorted((a, b) => b.firstOffset - a.firstOffset)
  }

  /** Whether the records of the next batch count; control batches never do. */
  counts(header: BatchHeader, bytes: Buffer): boolean {
    for (let next = this.#ahead.at(-1); next !== undefined; next = this.#ahead.at(-1)) {
      if (next.firstOffset > header.lastOffset) break
      this.#aborting.add(next.producerId)
      this.#ahead.pop()
    }
    if (header.isControl) {
      if (this.#aborting.size > 0 && isAbortMarker(header, bytes)) this.#aborting.delete(header.producerId)
      return false
    }
    return !(header.isTransactional && this.#aborting.has(header.producerId))
  }
}

/** A control record's key is a version and a type. Compaction may have left the batch without its record. */
function isAbortMarker(header: BatchHeader, bytes: Buffer): boolean {
  if (header.recordCount === 0) return false
  const reader = new WireReader(bytes, header.recordsAt, header.end)
  // Length of the record, its attributes.
  reader.varint()
  reader.advance(1)
  reader.varlong()
  reader.varint()
  const keyLength = reader.varint()
  if (keyLength < 4) throw malformed('a control record with a key of 4 bytes', keyLength)
  reader.advance(2)
  return reader.int16() === ABORT_MARKER
}
