import type { RecordBatch, TopicPartition } from '../port.ts'
import type { Fetched } from './fetch-from-broker.ts'
import type { PartitionReader } from './partition-reader.ts'

/** A part of a partition to be read. */
export interface Stretch extends TopicPartition {
  /** Where reading stands; moves on as batches come. */
  offset: number
  readonly end: number
}

/**
 * Reads every stretch to its end, one fetch ahead of whoever takes the batches. Ends by offsets, never by
 * records: behind the last record there may be transaction markers, and whole stretches may hold nothing
 * else. What an open transaction or a slow broker holds back is waited for, but not longer than
 * `patienceMs`; then the stretches stand where they stand.
 */
export async function* readUntil(
  reader: Pick<PartitionReader, 'fetch'>,
  stretches: readonly Stretch[],
  patienceMs: number,
): AsyncGenerator<RecordBatch> {
  let movedAt = performance.now()
  let ahead = fetchAhead(reader, stretches)
  while (ahead !== null) {
    const arrived = await ahead
    const moved = moveOn(stretches, arrived)
    if (moved) movedAt = performance.now()
    const patient = moved || performance.now() - movedAt < patienceMs
    ahead = patient ? fetchAhead(reader, stretches) : null
    for (const { batch } of arrived) {
      const bounded = within(batch, find(stretches, batch)!.end)
      if (bounded.records.length > 0) yield bounded
    }
  }
}

function fetchAhead(
  reader: Pick<PartitionReader, 'fetch'>,
  stretches: readonly Stretch[],
): Promise<Fetched[]> | null {
  const open = stretches.filter(isOpen)
  if (open.length === 0) return null
  const fetching = reader.fetch(open.map(({ topic, partition, offset }) => ({ topic, partition, offset })))
  // Whoever reads may stop before this one is awaited.
  fetching.catch(() => {})
  return fetching
}

function moveOn(stretches: readonly Stretch[], arrived: readonly Fetched[]): boolean {
  let moved = false
  for (const { batch } of arrived) {
    const stretch = find(stretches, batch)!
    moved ||= batch.nextOffset > stretch.offset
    stretch.offset = Math.max(stretch.offset, batch.nextOffset)
  }
  return moved
}

function isOpen({ offset, end }: Stretch): boolean {
  return offset < end
}

function find(stretches: readonly Stretch[], at: TopicPartition): Stretch | undefined {
  return stretches.find(({ topic, partition }) => topic === at.topic && partition === at.partition)
}

function within(batch: RecordBatch, end: number): RecordBatch {
  if (batch.nextOffset <= end) return batch
  return { ...batch, records: batch.records.filter(({ offset }) => offset < end), nextOffset: end }
}
