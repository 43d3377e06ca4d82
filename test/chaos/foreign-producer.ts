import { Kafka, logLevel, type Producer, type Transaction } from 'kafkajs'
import type { Field } from './field.ts'
import { eventOf, featureOf } from './stream.ts'

/** Somebody else's producer on the source of a field: the client as it is, writing in transactions. */
export async function openForeignProducer(
  brokers: readonly string[],
  transactionalId: string,
  transactionTimeoutMs = 60_000,
): Promise<Producer> {
  const kafka = new Kafka({
    clientId: transactionalId,
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    // A coordinator under load takes its time to finish the transaction before.
    retry: { initialRetryTime: 20, retries: 12 },
  })
  const producer = kafka.producer({
    transactionalId,
    transactionTimeout: transactionTimeoutMs,
    idempotent: true,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  return producer
}

/** Writes one event of a field's stream, to its own partition or a given one; the oracle hears nothing of it. */
export async function sendEvent(
  transaction: Transaction,
  field: Field,
  number: number,
  partition?: number,
): Promise<void> {
  const record = featureOf(eventOf(field.plan, number), field.features)
  const message = {
    partition: partition ?? record.partition,
    key: Buffer.from(record.key!),
    value: Buffer.from(record.value!),
    timestamp: String(record.timestamp),
  }
  await transaction.send({ topic: record.topic, messages: [message] })
}
