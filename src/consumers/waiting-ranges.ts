import type { Log, OffsetRange, Position } from '../log/port.ts'

/** Enough to find a record among transaction markers when looking where a committed position lies in time. */
const TAIL_RECORDS = 100

/**
 * Where predictions and labels lie that may still wait for one another: so long before the committed
 * positions, in record time. Nothing committed counts from `now`.
 */
export async function waitingRanges(
  log: Log,
  committed: readonly Position[],
  waitMs: number,
  now: number,
): Promise<OffsetRange[]> {
  const since = ((await readUntil(log, committed)) ?? now) - waitMs
  const ranges: OffsetRange[] = []
  for (const { topic, partition, offset } of committed) {
    const start = (await log.offsetsAt(topic, since)).find((at) => at.partition === partition)
    if (start !== undefined && start.offset < offset) {
      ranges.push({ topic, partition, from: start.offset, to: offset })
    }
  }
  return ranges
}

/**
 * Record time up to which the task has read on both topics; null where nothing was read. A stream that is
 * replayed lives far from any clock, and predictions wait for labels that are behind.
 */
async function readUntil(log: Log, committed: readonly Position[]): Promise<number | null> {
  let until = Number.POSITIVE_INFINITY
  for (const { topic, partition, offset } of committed) {
    const tail = { topic, partition, from: Math.max(0, offset - TAIL_RECORDS), to: offset }
    if (tail.from === tail.to) continue
    let newest = Number.NEGATIVE_INFINITY
    for await (const { records } of log.read([tail])) {
      for (const { timestamp } of records) newest = Math.max(newest, timestamp)
    }
    if (Number.isFinite(newest)) until = Math.min(until, newest)
  }
  return Number.isFinite(until) ? until : null
}
