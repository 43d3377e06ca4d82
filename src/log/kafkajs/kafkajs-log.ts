import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type {
  CommittedPosition,
  Follower,
  GroupConsumer,
  GroupOptions,
  Log,
  OffsetRange,
  PartitionOffsets,
  Position,
  Producer,
  RecordBatch,
  TopicPartition,
  TopicSpec,
  TransactionalProducer,
} from '../port.ts'
import { isLoginRefused, reasonOf, translate } from './client-errors.ts'
import type { ConnectionSecurity } from './connection-security.ts'
import { KafkaFollower } from './follower.ts'
import { KafkaGroupConsumer } from './group-consumer.ts'
import { type ClientLogLevel, KafkaClient, type KafkaConnection } from './kafka-client.ts'
import { listenerHint } from './listener-hint.ts'
import { partitionKey } from './partition-key.ts'
import { PartitionReader } from './partition-reader.ts'
import { PlainProducer } from './plain-producer.ts'
import { readRanges } from './read-ranges.ts'
import { TopicDirectory } from './topic-directory.ts'
import { KafkaTransactionalProducer } from './transactional-producer.ts'
import { CutOff, within } from './within.ts'

export interface KafkaLogOptions {
  /** `host:port` of one broker or more; the others are learned from it. */
  readonly brokers: readonly string[]
  readonly clientId: string
  /** How long the brokers may take to give their first answer. */
  readonly connectTimeoutMs: number
  /** Absent: in the clear, as nobody. */
  readonly security?: ConnectionSecurity
  /**
   * After this long the broker aborts a transaction that is not over, and fences its producer. Longer than the
   * session timeout of a group, so that who sleeps through it has lost the membership as well.
   */
  readonly transactionTimeoutMs?: number
  /** Of a member whose `join` says nothing of it. */
  readonly sessionTimeoutMs?: number
  /** Told what the client itself logs, which is written nowhere else. */
  readonly onClientLog?: (level: ClientLogLevel, text: string) => void
}

const TRANSACTION_TIMEOUT_MS = 60_000
const SESSION_TIMEOUT_MS = 30_000
const CONNECT_AGAIN_MS = 200
const IN_THE_CLEAR: ConnectionSecurity = { tls: null, login: null }

/**
 * The log on a Kafka broker, by kafkajs 2.2.4.
 * @throws BROKER_UNREACHABLE when none of the brokers answers in time; LOGIN_REFUSED
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<Log> {
  const { brokers, clientId, connectTimeoutMs, security = IN_THE_CLEAR, onClientLog = () => {} } = options
  const connection = { brokers, clientId, connectTimeoutMs, security, onClientLog }
  await answered(connection)
  const client = new KafkaClient(connection)
  const admin = client.kafka.admin()
  await admin.connect()
  const timeouts = {
    transactionMs: options.transactionTimeoutMs ?? TRANSACTION_TIMEOUT_MS,
    sessionMs: options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
  }
  return new KafkaLog(connection, timeouts, client, admin)
}

/**
 * Waits for the first answer. By a client without patience of its own, which is not to be stopped once it
 * has begun: it would go on trying, and keep the process alive, long after the time is up.
 */
async function answered(connection: KafkaConnection): Promise<void> {
  const { connectTimeoutMs } = connection
  const deadline = performance.now() + connectTimeoutMs
  let told: unknown = null
  for (;;) {
    const probe = new KafkaClient({ ...connection, onClientLog: () => {} }, { retries: 0 })
    const admin = probe.kafka.admin()
    try {
      await within(deadline - performance.now(), connectAdmin(admin))
      return
    } catch (cause) {
      if (isLoginRefused(cause)) throw translate(cause, `logging in at ${connection.brokers.join(', ')}`)
      // An attempt that the deadline cuts off knows less than one before it that was refused.
      if (told === null || !(cause instanceof CutOff)) told = cause
      if (performance.now() + CONNECT_AGAIN_MS >= deadline) {
        throw unreachable(connection, told)
      }
    } finally {
      await probe.close(admin, 0)
    }
    await sleep(CONNECT_AGAIN_MS)
  }
}

function unreachable(
  { brokers, connectTimeoutMs, security }: KafkaConnection,
  cause: unknown,
): DriftstreamError {
  const reason = reasonOf(cause)
  return new DriftstreamError(
    'BROKER_UNREACHABLE',
    `expected a Kafka broker at ${brokers.join(', ')} within ${connectTimeoutMs} ms, got: ${reason}${listenerHint(reason, security)}`,
    { brokers: brokers.join(',') },
    { cause },
  )
}

/** An open port is not yet a broker: it counts when it names a controller. */
async function connectAdmin(admin: Admin): Promise<void> {
  await admin.connect()
  const { controller } = await admin.describeCluster()
  if (controller === null) throw new Error('a broker that knows no controller yet')
}

interface Timeouts {
  readonly transactionMs: number
  readonly sessionMs: number
}

class KafkaLog implements Log {
  readonly #connection: KafkaConnection
  readonly #timeouts: Timeouts
  readonly #client: KafkaClient
  readonly #admin: Admin
  readonly #directory: TopicDirectory
  readonly #reader: PartitionReader
  /** Whatever was opened here and not yet closed; the log closes it with itself. */
  readonly #open = new Set<{ close(): Promise<void> }>()
  #closed = false

  constructor(connection: KafkaConnection, timeouts: Timeouts, client: KafkaClient, admin: Admin) {
    this.#connection = connection
    this.#timeouts = timeouts
    this.#client = client
    this.#admin = admin
    this.#directory = new TopicDirectory(admin)
    this.#reader = new PartitionReader(new KafkaClient(connection))
  }

  createTopics(specs: readonly TopicSpec[]): Promise<readonly string[]> {
    return this.#directory.create(specs)
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#directory.counts(topics)
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const partitions = await this.#directory.partitionsOf(topic)
    const [starts, ends] = await Promise.all([
      this.#reader.starts(topic, partitions),
      this.#reader.ends(topic, partitions),
    ])
    return partitions.map((partition, index) => ({
      partition,
      low: starts[index]!.offset,
      high: ends[index]!.offset,
    }))
  }

  async offsetsAt(topic: string, timestamp: number): Promise<readonly Position[]> {
    const partitions = await this.#directory.partitionsOf(topic)
    const found = await this.#reader.at(topic, partitions, timestamp)
    if (found.every(({ offset }) => offset >= 0)) return found
    const ends = await this.#reader.ends(topic, partitions)
    return found.map((position, index) => (position.offset >= 0 ? position : ends[index]!))
  }

  async committed(
    group: string,
    partitions: readonly TopicPartition[],
  ): Promise<readonly CommittedPosition[]> {
    await this.#directory.expect(partitions)
    const numbers = Map.groupBy(partitions, ({ topic }) => topic)
    const found = new Map<string, CommittedPosition>()
    for (const [topic, places] of numbers) {
      const wanted = places.map(({ partition }) => partition)
      const positions = await this.#reader.committed(group, topic, wanted)
      // Below zero: never committed, or reset by the client to "the earliest" when retention overtook it.
      const starts = positions.some(({ offset }) => offset < 0)
        ? await this.#reader.starts(topic, wanted)
        : []
      positions.forEach((position, index) => {
        found.set(
          partitionKey({ topic, partition: position.partition }),
          position.offset >= 0 ? position : starts[index]!,
        )
      })
    }
    return partitions.map((at) => found.get(partitionKey(at))!)
  }

  async join(options: GroupOptions): Promise<GroupConsumer> {
    this.#expectOpen()
    await this.#directory.expect(options.topics.map((topic) => ({ topic })))
    const client = new KafkaClient(this.#connection)
    const member = { sessionTimeoutMs: this.#timeouts.sessionMs, ...options }
    const committed = (group: string, places: readonly TopicPartition[]) => this.committed(group, places)
    return this.#opened(await KafkaGroupConsumer.join(client, member, committed))
  }

  async openTransactional(transactionalId: string): Promise<TransactionalProducer> {
    this.#expectOpen()
    const client = new KafkaClient(this.#connection)
    const timeoutMs = this.#timeouts.transactionMs
    return this.#opened(
      await KafkaTransactionalProducer.open(client, transactionalId, timeoutMs, this.#directory),
    )
  }

  async openProducer(): Promise<Producer> {
    this.#expectOpen()
    const producer = new PlainProducer(() => new KafkaClient(this.#connection), this.#directory)
    await producer.connect()
    return this.#opened(producer)
  }

  async follow(topics: readonly string[]): Promise<Follower> {
    this.#expectOpen()
    const starts = topics.map(async (topic) =>
      this.#reader.starts(topic, await this.#directory.partitionsOf(topic)),
    )
    return new KafkaFollower(this.#reader, (await Promise.all(starts)).flat())
  }

  async *read(ranges: readonly OffsetRange[]): AsyncIterable<RecordBatch> {
    this.#expectOpen()
    await this.#directory.expect(ranges)
    yield* readRanges(this.#reader, ranges)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.all([...this.#open].map((each) => each.close()))
    await Promise.all([this.#reader.close(), this.#client.close(this.#admin)])
  }

  #opened<T extends { close(): Promise<void> }>(each: T): T {
    this.#open.add(each)
    const close = each.close.bind(each)
    each.close = async () => {
      this.#open.delete(each)
      await close()
    }
    return each
  }

  #expectOpen(): void {
    if (this.#closed) throw new DriftstreamError('STATE_IMPOSSIBLE', 'expected an open log, got a closed one')
  }
}
