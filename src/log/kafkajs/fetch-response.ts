import type { TopicPartition } from '../port.ts'
import type { AbortedTransaction } from './aborted-transactions.ts'
import { WireReader } from './wire-reader.ts'

/** One partition's share of a fetch's answer, its records still as they came. */
export interface FetchedPartition extends TopicPartition {
  /** 0, or one of Kafka's error codes. */
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly aborted: readonly AbortedTransaction[]
  readonly recordBytes: Buffer
}

export interface FetchResponse {
  readonly throttleMs: number
  /** Of the fetch as a whole. */
  readonly errorCode: number
  readonly partitions: readonly FetchedPartition[]
}

const TOPIC_BYTES_MIN = 6
const PARTITION_BYTES_MIN = 42
const ABORTED_BYTES = 16

/**
 * Version 11 of Kafka's Fetch response (KIP-392), the newest that the client speaks.
 * @throws BATCH_UNDECODABLE when the bytes are something else
 */
export function readFetchResponse(payload: Buffer): FetchResponse {
  const reader = new WireReader(payload)
  const throttleMs = reader.int32()
  const errorCode = reader.int16()
  // The fetch session, which is not used.
  reader.int32()
  const partitions: FetchedPartition[] = []
  for (let topics = reader.count(TOPIC_BYTES_MIN); topics > 0; topics--) {
    const topic = reader.text() ?? ''
    for (let left = reader.count(PARTITION_BYTES_MIN); left > 0; left--) {
      partitions.push(readPartition(reader, topic))
    }
  }
  return { throttleMs, errorCode, partitions }
}

function readPartition(reader: WireReader, topic: string): FetchedPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  // Where the partition's log begins.
  reader.int64()
  const aborted = Array.from({ length: reader.count(ABORTED_BYTES) }, () => ({
    producerId: reader.int64(),
    firstOffset: reader.int64(),
  }))
  // A replica nearer by: none, since no rack is given.
  reader.int32()
  const length = Math.max(0, reader.int32())
  const at = reader.advance(length)
  const recordBytes = reader.bytes.subarray(at, at + length)
  return {
    topic,
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    aborted,
    recordBytes,
  }
}
