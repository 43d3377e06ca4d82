import type { Producer as KafkaProducer } from 'kafkajs'
import type { FlushResult, OutgoingRecord, Producer } from '../port.ts'
import { translate } from './client-errors.ts'
import { InTurn } from './in-turn.ts'
import { CLIENT_RETRY, type KafkaClient } from './kafka-client.ts'
import { sendByPartition } from './send-by-partition.ts'
import type { TopicDirectory } from './topic-directory.ts'

/**
 * An idempotent producer that is replaced after every failure: a batch that may or may not have arrived
 * keeps its sequence number, and the next batch under that number would be taken for its repeat and dropped.
 */
export class PlainProducer implements Producer {
  readonly #newClient: () => KafkaClient
  readonly #directory: TopicDirectory
  readonly #sends = new InTurn()
  #connected: { readonly client: KafkaClient; readonly producer: KafkaProducer } | null = null

  constructor(newClient: () => KafkaClient, directory: TopicDirectory) {
    this.#newClient = newClient
    this.#directory = directory
  }

  /** @throws LOG_UNAVAILABLE */
  async connect(): Promise<KafkaProducer> {
    if (this.#connected !== null) return this.#connected.producer
    const client = this.#newClient()
    const producer = client.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition!,
      retry: CLIENT_RETRY,
    })
    try {
      await producer.connect()
    } catch (error) {
      await client.close(producer)
      throw translate(error, 'connecting a producer')
    }
    this.#connected = { client, producer }
    return producer
  }

  send(records: readonly OutgoingRecord[]): Promise<FlushResult> {
    return this.#sends.run(async () => {
      await this.#directory.expect(records)
      const producer = await this.connect()
      try {
        return { written: await sendByPartition((record) => producer.send(record), records) }
      } catch (error) {
        await this.#disconnect()
        throw translate(error, 'sending')
      }
    })
  }

  async close(): Promise<void> {
    await this.#sends.run(() => this.#disconnect())
  }

  async #disconnect(): Promise<void> {
    const connected = this.#connected
    this.#connected = null
    await connected?.client.close(connected.producer)
  }
}
