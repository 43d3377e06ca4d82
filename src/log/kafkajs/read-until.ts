import type { RecordBatch, TopicPartition } from '../port.ts'
import type { Fetched, PartitionReader } from './partition-reader.ts'

/** A part of a partition to be read. */
export interface Stretch extends TopicPartition {
  /** Where reading stands; moves on as batches come. */
  offset: number
  readonly end: number
}

/** After so many answers in a row without anything in them, the offsets asked for hold nothing. */
const BARREN_MAX = 3

/**
 * Reads every stretch to its end, one fetch ahead of whoever takes the batches. Ends by offsets, never by
 * records: behind the last record there may be transaction markers, and whole stretches may hold nothing
 * else. What an open transaction holds back is waited for, but not longer than `patienceMs`; then the
 * stretches stand where they stand.
 */
export async function* readUntil(
  reader: Pick<PartitionReader, 'fetch'>,
  stretches: readonly Stretch[],
  patienceMs: number,
): AsyncGenerator<RecordBatch> {
  let barren = 0
  let heldSince = performance.now()
  let ahead = fetchAhead(reader, stretches)
  while (ahead !== null) {
    const arrived = await ahead
    const moved = moveOn(stretches, arrived)
    if (moved) barren = 0
    if (!moved && ++barren >= BARREN_MAX) stepOverHoles(stretches, arrived)
    const held = !moved && isHeld(stretches, arrived)
    if (!held) heldSince = performance.now()
    const impatient = held && performance.now() - heldSince >= patienceMs
    ahead = impatient ? null : fetchAhead(reader, stretches)
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

/** Nothing can come before some transaction ends. */
function isHeld(stretches: readonly Stretch[], arrived: readonly Fetched[]): boolean {
  return arrived.every(({ batch, stableEnd }) => {
    const stretch = find(stretches, batch)!
    return !isOpen(stretch) || stretch.offset >= stableEnd
  })
}

/**
 * Compaction can leave batches without a single record, which the client's decoder drops together with the
 * offsets they cover. Where committed offsets bring nothing, they are stepped over one at a time.
 */
function stepOverHoles(stretches: readonly Stretch[], arrived: readonly Fetched[]): void {
  for (const { batch, stableEnd } of arrived) {
    const stretch = find(stretches, batch)!
    if (isOpen(stretch) && stretch.offset < stableEnd) stretch.offset++
  }
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
