import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { OffsetRange, RecordBatch } from '../port.ts'
import type { PartitionReader } from './partition-reader.ts'
import { readUntil, type Stretch } from './read-until.ts'

/** Longer than brokers let a dead producer keep a transaction open, by our setting or the common default. */
const OPEN_TRANSACTION_PATIENCE_MS = 120_000

/**
 * Reads ranges one after the other. A range that reaches into a transaction still open waits for its end,
 * because to stop before it would read as if nothing were there; what lies beyond the log's end is not
 * waited for.
 * @throws LOG_UNAVAILABLE when the transaction stays open
 */
export async function* readRanges(
  reader: PartitionReader,
  ranges: readonly OffsetRange[],
  patienceMs = OPEN_TRANSACTION_PATIENCE_MS,
): AsyncGenerator<RecordBatch> {
  for (const { topic, partition, from, to } of ranges) {
    const [logEnd] = await reader.ends(topic, [partition])
    const stretch: Stretch = { topic, partition, offset: from, end: Math.min(to, logEnd!.offset) }
    yield* readUntil(reader, [stretch], patienceMs)
    if (stretch.offset >= stretch.end) continue
    throw new DriftstreamError(
      'LOG_UNAVAILABLE',
      `expected ${topic}/${partition} to be committed up to ${to}, nothing came behind ${stretch.offset} for ${patienceMs} ms: an open transaction, or a broker that cannot keep up`,
      { topic, partition, offset: stretch.offset },
    )
  }
}
