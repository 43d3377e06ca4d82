import { DriftstreamError } from '../errors/driftstream-error.ts'
import { type CloudEventType, decodeCloudEvent } from '../events/cloud-event.ts'
import type { Log } from '../log/port.ts'

/**
 * Every event of one type on a topic up to its present end, in log-time order; others are passed over. Those
 * of one partition keep their order there, whatever the clocks of their writers said.
 */
export async function readEvents<T>(log: Log, topic: string, type: CloudEventType<T>): Promise<T[]> {
  const ranges = (await log.offsets(topic)).map(({ partition, low, high }) => {
    return { topic, partition, from: low, to: high }
  })
  const events: { time: number; event: T }[] = []
  const reached = new Map<number, number>()
  for await (const { partition, records } of log.read(ranges)) {
    for (const { value, headers, timestamp } of records) {
      const event = unlessRefused(() => decodeCloudEvent(type, value, headers))
      if (event === null) continue
      const time = Math.max(timestamp, reached.get(partition) ?? timestamp)
      reached.set(partition, time)
      events.push({ time, event })
    }
  }
  return events.sort((a, b) => a.time - b.time).map(({ event }) => event)
}

/** Null where `read` throws what would make a dead letter. */
export function unlessRefused<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof DriftstreamError && error.fate === 'dead-letter') return null
    throw error
  }
}
