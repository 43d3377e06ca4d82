import type { Log, LogRecord, OffsetRange, RecordBatch, TopicPartition } from '../log/port.ts'

export interface PlacedRecord {
  readonly record: LogRecord
  readonly source: TopicPartition
}

/** A range that is being read: its batch in hand, and the place of the next record in it. */
interface Head {
  readonly batches: AsyncIterator<RecordBatch>
  batch: RecordBatch | null
  next: number
}

/**
 * The records of several ranges in one order: each range's own, and between them by log time; at one time
 * the range named first comes first. Holds one batch a range, however long they are.
 */
export async function* readInTimeOrder(
  log: Log,
  ranges: readonly OffsetRange[],
): AsyncGenerator<PlacedRecord> {
  const heads: Head[] = ranges.map((range) => {
    return { batches: log.read([range])[Symbol.asyncIterator](), batch: null, next: 0 }
  })
  try {
    for (const head of heads) await fill(head)
    for (;;) {
      let first: Head | null = null
      for (const head of heads) {
        if (head.batch !== null && (first === null || timeOf(head) < timeOf(first))) first = head
      }
      if (first === null) return
      yield { record: first.batch!.records[first.next]!, source: first.batch! }
      first.next++
      await fill(first)
    }
  } finally {
    for (const { batches } of heads) await batches.return?.()
  }
}

/** Sees to it that the head has a record, past batches that have none; null at the end of its range. */
async function fill(head: Head): Promise<void> {
  while (head.batch === null || head.next >= head.batch.records.length) {
    const { done, value } = await head.batches.next()
    head.next = 0
    head.batch = done === true ? null : value
    if (head.batch === null) return
  }
}

function timeOf({ batch, next }: Head): number {
  return batch!.records[next]!.timestamp
}
