import type { EachBatchPayload } from 'kafkajs'
import { offsetOf } from './client-records.ts'
import type { Fetched } from './fetch-from-broker.ts'

/**
 * One message that stands for a whole batch on its way through the client's consumer. What the client does
 * message by message (filter, compare offsets, find the last one) it then does once a batch; and the
 * message's offset is the last that the batch covers, so that the client goes on behind it also where no
 * record is left.
 */
interface Carrier {
  /** Decimal text, as the client has it; all that it reads of a message itself. */
  readonly offset: string
  readonly carried: Fetched
}

/** One partition of an answer as the client's consumer expects it. */
export function toClientPartition(carried: Fetched) {
  const { batch } = carried
  const carrier: Carrier = { offset: String(batch.nextOffset - 1), carried }
  return {
    partition: batch.partition,
    highWatermark: String(batch.highWatermark),
    // Aborted transactions and control batches are gone already.
    abortedTransactions: [],
    messages: [carrier],
  }
}

/** What the client hands back, with the position it had asked for. */
export function carriedBatch(batch: EachBatchPayload['batch']): {
  readonly carried: Fetched
  /** To be resolved when the batch is handled. */
  readonly carrierOffset: string
  readonly fetchedOffset: number
} {
  const { fetchedOffset } = batch as typeof batch & { readonly fetchedOffset: string }
  const { carried, offset } = batch.messages[0] as unknown as Carrier
  return { carried, carrierOffset: offset, fetchedOffset: offsetOf(fetchedOffset) }
}
