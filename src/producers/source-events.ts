import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { partitionOf } from '../log/partition-of.ts'
import type { OutgoingRecord } from '../log/port.ts'

/**
 * A feature event as a record: keyed by prediction id, so that its label lands on the same partition
 * number. Record time is the event's own unless another is given.
 */
export function featureRecord(
  event: FeatureEvent,
  to: { readonly topic: string; readonly partitions: number },
  timestamp: number = event.at,
): OutgoingRecord {
  return sourceRecord(event.id, event, to, timestamp)
}

/** A label event as a record, keyed as its prediction is. */
export function labelRecord(
  event: LabelEvent,
  to: { readonly topic: string; readonly partitions: number },
  timestamp: number = event.at,
): OutgoingRecord {
  return sourceRecord(event.id, event, to, timestamp)
}

function sourceRecord(
  id: string,
  event: object,
  to: { readonly topic: string; readonly partitions: number },
  timestamp: number,
): OutgoingRecord {
  const key = Buffer.from(id)
  return {
    topic: to.topic,
    partition: partitionOf(key, to.partitions),
    key,
    value: Buffer.from(JSON.stringify(event)),
    timestamp,
  }
}
