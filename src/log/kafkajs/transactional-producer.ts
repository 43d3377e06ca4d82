import type { Producer as KafkaProducer, Transaction } from 'kafkajs'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { CommittedPosition, Flush, FlushResult, Position, TransactionalProducer } from '../port.ts'
import { isAway, isFenced, isTransactionLost, reasonOf, translate } from './client-errors.ts'
import { InTurn } from './in-turn.ts'
import { CLIENT_RETRY, type KafkaClient } from './kafka-client.ts'
import { sendByPartition } from './send-by-partition.ts'
import type { TopicDirectory } from './topic-directory.ts'
import { whileAway } from './while-away.ts'
import { CutOff, within } from './within.ts'

/** A coordinator that has to abort the transaction before takes some seconds; who answers nobody takes for ever. */
const OPEN_MAX_MS = 30_000
/** Brokers look about so often for transactions whose time is up. */
const TRANSACTION_CHECK_MS = 10_000

/**
 * One transactional id's producer. The client's transactions know three ways to end: committed, aborted, and
 * stuck. Whatever is not surely one of the first two spends the producer, because a late request of one
 * transaction may otherwise land in the next.
 */
export class KafkaTransactionalProducer implements TransactionalProducer {
  readonly #transactionalId: string
  readonly #client: KafkaClient
  readonly #producer: KafkaProducer
  readonly #directory: TopicDirectory
  /** After this long the broker has given a transaction up. */
  readonly #transactionMaxMs: number
  readonly #flushes = new InTurn()
  #spent: DriftstreamError | null = null
  #closed = false

  private constructor(
    transactionalId: string,
    client: KafkaClient,
    producer: KafkaProducer,
    directory: TopicDirectory,
    transactionTimeoutMs: number,
  ) {
    this.#transactionMaxMs = transactionTimeoutMs + TRANSACTION_CHECK_MS
    this.#transactionalId = transactionalId
    this.#client = client
    this.#producer = producer
    this.#directory = directory
  }

  /** Fences the predecessor and settles its transaction. @throws LOG_UNAVAILABLE */
  static async open(
    client: KafkaClient,
    transactionalId: string,
    transactionTimeout: number,
    directory: TopicDirectory,
  ): Promise<KafkaTransactionalProducer> {
    // Not `idempotent`: transactions are anyway, and the flag alone costs a second producer id at connect.
    const producer = client.kafka.producer({
      transactionalId,
      transactionTimeout,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition!,
      retry: CLIENT_RETRY,
    })
    try {
      await within(OPEN_MAX_MS, takeOver(producer))
    } catch (error) {
      await client.close(producer)
      throw translate(error, `opening the transactional producer ${transactionalId}`, { transactionalId })
    }
    return new KafkaTransactionalProducer(transactionalId, client, producer, directory, transactionTimeout)
  }

  flush(flush: Flush): Promise<FlushResult> {
    return this.#flushes.run(() => this.#flush(flush))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#flushes.run(() => this.#client.close(this.#producer))
  }

  async #flush(flush: Flush): Promise<FlushResult> {
    const { records, offsets } = flush
    if (this.#spent !== null) throw this.#spent
    if (this.#closed) {
      throw new DriftstreamError('STATE_IMPOSSIBLE', 'expected an open producer, got a flush after close')
    }
    // Before anything is begun: what is refused here leaves no transaction behind.
    await this.#directory.expect([...records, ...(offsets?.positions ?? [])])
    const transaction = await this.#begin()
    try {
      return await within(this.#transactionMaxMs, this.#write(transaction, flush))
    } catch (error) {
      if (!(error instanceof CutOff)) throw error
      // Whatever is still under way must not reach the broker behind this.
      this.#client.sever()
      throw this.#spend(error, 'the flush took longer than its transaction may')
    }
  }

  async #write(transaction: Transaction, { records, offsets }: Flush): Promise<FlushResult> {
    let written: Position[]
    try {
      written = await sendByPartition((record) => transaction.send(record), records)
      if (offsets !== undefined && offsets.positions.length > 0) {
        await sendOffsets(transaction, offsets.group, offsets.positions)
      }
    } catch (error) {
      throw await this.#giveUp(transaction, error)
    }
    try {
      await transaction.commit()
    } catch (error) {
      throw this.#spend(error, 'the commit got no clear answer')
    }
    return { written }
  }

  async #begin(): Promise<Transaction> {
    try {
      return await this.#producer.transaction()
    } catch (error) {
      throw this.#spend(error, 'no transaction could be begun')
    }
  }

  /** Aborts. The producer lives on only after a plain refusal, cleanly aborted: no request is still under way. */
  async #giveUp(transaction: Transaction, error: unknown): Promise<DriftstreamError> {
    if (isFenced(error)) return this.#spend(error, 'fenced')
    try {
      await transaction.abort()
    } catch (abortError) {
      return this.#spend(isFenced(abortError) ? abortError : error, 'the flush failed and so did its abort')
    }
    const refusal = translate(error, 'flushing', { transactionalId: this.#transactionalId })
    if (refusal.code === 'SEND_UNCONFIRMED' || isAway(error) || isTransactionLost(error)) {
      return this.#spend(error, 'the flush was aborted after an unclear answer')
    }
    return refusal
  }

  #spend(cause: unknown, what: string): DriftstreamError {
    const code = isFenced(cause) ? 'PRODUCER_FENCED' : 'COMMIT_UNCLEAR'
    const id = this.#transactionalId
    const message = `${what} (transactional id ${id}): ${reasonOf(cause)}; the producer is spent`
    this.#spent = new DriftstreamError(code, message, { transactionalId: id }, { cause })
    return this.#spent
  }
}

/** An empty transaction makes the client ask for its producer id now instead of at the first flush. */
async function takeOver(producer: KafkaProducer): Promise<void> {
  await producer.connect()
  const empty = await producer.transaction()
  await empty.abort()
}

/**
 * The client retries this by error names that it does not know itself, hence never; yet "not yet" is the
 * coordinator's usual answer while it finishes the transaction before. The transaction stays open meanwhile.
 */
async function sendOffsets(
  transaction: Transaction,
  group: string,
  positions: readonly CommittedPosition[],
): Promise<void> {
  // The client's types leave the metadata out, what it sends does not.
  const byTopic = new Map<string, { partition: number; offset: string; metadata: string | null }[]>()
  for (const { topic, partition, offset, note = null } of positions) {
    const partitions = byTopic.get(topic) ?? []
    byTopic.set(topic, partitions)
    partitions.push({ partition, offset: String(offset), metadata: note })
  }
  const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions }))
  await whileAway(
    () => transaction.sendOffsets({ consumerGroupId: group, topics }),
    async () => {},
  )
}
