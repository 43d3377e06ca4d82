import type { Message, ProducerRecord, RecordMetadata } from 'kafkajs'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { OutgoingRecord, Position } from '../port.ts'
import { offsetOf, toMessage } from './client-records.ts'
import { partitionKey } from './partition-key.ts'

/** The client groups the messages of a send in quadratic time. */
const SEND_RECORDS_MAX = 1_000
/** A send becomes one record batch, and brokers refuse batches above `message.max.bytes`, 1 MiB by default. */
const SEND_BYTES_MAX = 900_000

interface Outbox {
  readonly topic: string
  readonly partition: number
  readonly chunks: { messages: Message[]; bytes: number }[]
}

/**
 * Sends every record, one topic-partition a request and one request after the other, and checks each answer.
 *
 * Symptom without it: records acknowledged and lost, or written twice, when a leader moves. Cause: a send
 * over several brokers shares one map of answers between its retries, so the retry of one partition may be
 * taken for answered by another. With one partition a send there is nothing to mistake.
 * @returns one past the last record written, per topic-partition
 * @throws SEND_UNCONFIRMED when the answer does not name the partition and an offset; the client's own errors
 */
export async function sendByPartition(
  send: (record: ProducerRecord) => Promise<RecordMetadata[]>,
  records: readonly OutgoingRecord[],
): Promise<Position[]> {
  const written: Position[] = []
  for (const { topic, partition, chunks } of outboxes(records)) {
    let offset = 0
    for (const { messages } of chunks) {
      const answer = await send({ topic, messages, acks: -1 })
      offset = confirmedOffset(answer, topic, partition) + messages.length
    }
    written.push({ topic, partition, offset })
  }
  return written
}

function outboxes(records: readonly OutgoingRecord[]): Iterable<Outbox> {
  const byPartition = new Map<string, Outbox>()
  for (const record of records) {
    const { topic, partition } = record
    const key = partitionKey(record)
    const outbox = byPartition.get(key) ?? { topic, partition, chunks: [] }
    byPartition.set(key, outbox)
    const { message, size } = toMessage(record)
    const last = outbox.chunks.at(-1)
    if (
      last === undefined ||
      last.messages.length >= SEND_RECORDS_MAX ||
      last.bytes + size > SEND_BYTES_MAX
    ) {
      outbox.chunks.push({ messages: [message], bytes: size })
    } else {
      last.messages.push(message)
      last.bytes += size
    }
  }
  return byPartition.values()
}

function confirmedOffset(answer: readonly RecordMetadata[], topic: string, partition: number): number {
  const [confirmed] = answer
  const named = confirmed?.topicName === topic && confirmed.partition === partition
  const offset = confirmed?.baseOffset === undefined ? -1 : offsetOf(confirmed.baseOffset)
  if (answer.length !== 1 || !named || confirmed.errorCode !== 0 || offset < 0) {
    throw new DriftstreamError(
      'SEND_UNCONFIRMED',
      `expected the answer to confirm ${topic}/${partition}, got ${JSON.stringify(answer)}`,
      { topic, partition },
    )
  }
  return offset
}
