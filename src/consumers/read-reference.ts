import { DriftstreamError } from '../errors/driftstream-error.ts'
import { decodeCloudEvent } from '../events/cloud-event.ts'
import { referenceEventType } from '../events/reference-event.ts'
import { partitionOf } from '../log/partition-of.ts'
import type { Log } from '../log/port.ts'
import { supersedes } from '../sketches/reference-learned.ts'
import { fromReferenceEvent } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'

/**
 * The reference of one version as the log has it now: the one that is in force, or null where there is none
 * that can be judged against. What cannot be decoded is passed over; its readers have told of it.
 */
export async function readReference(
  log: Log,
  topic: string,
  model: string,
  version: string,
): Promise<Reference | null> {
  const offsets = await log.offsets(topic)
  const own = offsets.find(({ partition }) => partition === partitionOf(model, offsets.length))
  if (own === undefined) return null
  let found: Reference | undefined
  for await (const batch of log.read([{ topic, partition: own.partition, from: own.low, to: own.high }])) {
    for (const { value, headers } of batch.records) {
      try {
        const event = decodeCloudEvent(referenceEventType, value, headers)
        if (event.model !== model || event.version !== version) continue
        const reference = fromReferenceEvent(event)
        if (reference.stage !== 'cut' && supersedes(reference, found)) found = reference
      } catch (error) {
        if (!(error instanceof DriftstreamError) || error.fate !== 'dead-letter') throw error
      }
    }
  }
  return found ?? null
}
