import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, ConsumerEvents, EachBatchPayload, InstrumentationEvent } from 'kafkajs'
import { AssignmentEnd } from '../assignment-end.ts'
import type { GroupConsumer, GroupOptions, Poll, Position, RecordBatch, TopicPartition } from '../port.ts'
import { carriedBatch } from './carried-batch.ts'
import { isRebalance, translate } from './client-errors.ts'
import { coPartitionAssigner } from './co-partition-assigner.ts'
import { Handover } from './handover.ts'
import { CLIENT_RETRY, type KafkaClient } from './kafka-client.ts'
import { mendConsumerFetch } from './mend-consumer-fetch.ts'
import { ReadPositions } from './read-positions.ts'
import { StallWatch } from './stall-watch.ts'

/** A rebalance is noticed at a heartbeat; a second is soon enough for a group of a few members. */
const HEARTBEAT_MS = 1_000
/** Also how long an idle consumer takes to stop. */
const FETCH_WAIT_MS = 250
/** Fewer and larger answers cost less; all together are bounded by the client's 10 MiB a fetch. */
const PARTITION_BYTES = 2 * 2 ** 20
const RESTARTING_MS = 15_000

type MemberOptions = GroupOptions & { readonly sessionTimeoutMs: number }
type Committed = (group: string, partitions: readonly TopicPartition[]) => Promise<readonly Position[]>

/**
 * A group member on the client's consumer, which fetches, rebalances and pushes batches by itself. Here its
 * habits are brought under the port's contract: one batch at a time, handed over and waited for; every
 * generation starts at the committed offsets; a batch that does not continue where reading stands is refused.
 */
export class KafkaGroupConsumer implements GroupConsumer {
  readonly #group: string
  readonly #client: KafkaClient
  readonly #consumer: Consumer
  readonly #committed: Committed
  readonly #handover: Handover
  readonly #positions: ReadPositions
  readonly #heartbeatMs: number
  #running: Promise<void> = Promise.resolve()
  #generation = 0
  #ending = new AssignmentEnd()
  /** Settled when the positions of the present generation are known. */
  #started: Promise<void> = Promise.resolve()
  /** The client's own error that says join again; given back to it when the batch in hand is handled. */
  #rejoin: unknown = null
  #closing = false
  /** When the first of the crashes was that no join came after. */
  #crashingSince: number | null = null

  private constructor(client: KafkaClient, options: MemberOptions, committed: Committed) {
    const { group, sessionTimeoutMs: sessionTimeout, reuseBytes = false } = options
    this.#group = group
    this.#committed = committed
    this.#heartbeatMs = Math.min(HEARTBEAT_MS, Math.floor(sessionTimeout / 3))
    this.#client = client
    const stalls = new StallWatch((text) => client.tell('warn', text))
    const answers = reuseBytes ? client.answers : null
    this.#consumer = client.kafka.consumer({
      groupId: group,
      partitionAssigners: [
        (config) => {
          mendConsumerFetch(config.cluster, stalls, answers, (error) => this.#fail(error))
          return coPartitionAssigner(config)
        },
      ],
      sessionTimeout,
      rebalanceTimeout: Math.max(60_000, sessionTimeout),
      heartbeatInterval: this.#heartbeatMs,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      allowAutoTopicCreation: false,
      retry: { ...CLIENT_RETRY, restartOnFailure: async () => this.#mayRestart() },
    })
    this.#handover = new Handover((batch) => this.#positions.move(batch, batch.nextOffset))
    this.#positions = new ReadPositions((position) => this.#seekClient(position))
  }

  /**
   * Returns before the group has its new generation: that waits for the other members, which may be busy.
   * The first poll brings it. The topics must exist. @throws LOG_UNAVAILABLE
   */
  static async join(
    client: KafkaClient,
    options: MemberOptions,
    committed: Committed,
  ): Promise<KafkaGroupConsumer> {
    const member = new KafkaGroupConsumer(client, options, committed)
    try {
      await member.#consumer.connect()
      await member.#consumer.subscribe({ topics: [...options.topics], fromBeginning: true })
    } catch (error) {
      await client.close(member.#consumer)
      throw translate(error, `joining group ${options.group}`)
    }
    member.#run()
    return member
  }

  poll(timeoutMs: number): Promise<Poll> {
    return this.#handover.poll(timeoutMs)
  }

  seek(position: Position): void {
    if (!this.#positions.has(position)) return
    this.#positions.move(position, position.offset)
    this.#seekClient(position)
    this.#handover.withdraw(position)
  }

  pause({ topic, partition }: TopicPartition): void {
    this.#tellClient(() => this.#consumer.pause([{ topic, partitions: [partition] }]))
  }

  resume({ topic, partition }: TopicPartition): void {
    this.#tellClient(() => this.#consumer.resume([{ topic, partitions: [partition] }]))
  }

  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    this.#ending.tell()
    this.#handover.close()
    // A join under way waits for the other members, and the client cannot take it back: cut it off.
    if (this.#generation === 0) await this.#client.close(this.#consumer, 0)
    await this.#running
    await this.#client.close(this.#consumer)
  }

  #run(): void {
    const { GROUP_JOIN, REBALANCING, CRASH }: ConsumerEvents = this.#consumer.events
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#onJoin(payload.memberAssignment))
    this.#consumer.on(REBALANCING, () => this.#ending.tell())
    this.#consumer.on(CRASH, (event) => this.#onCrash(event))
    this.#running = this.#consumer
      .run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#eachBatch(payload),
      })
      .catch((error) => this.#fail(error))
  }

  #onJoin(assignment: Readonly<Record<string, number[]>>): void {
    this.#rejoin = null
    this.#crashingSince = null
    this.#generation++
    this.#ending.tell()
    this.#ending = new AssignmentEnd()
    this.#handover.drop()
    this.#positions.clear()
    const partitions = Object.entries(assignment).flatMap(([topic, numbers]) =>
      [...numbers].sort((a, b) => a - b).map((partition) => ({ topic, partition })),
    )
    this.#started = this.#start(this.#generation, partitions)
  }

  /**
   * The client would go on at offsets it may have read too early, and lets batches of the generation before
   * through. Explicit seeks override both: what was fetched before a seek is stale to the client itself.
   */
  async #start(generation: number, partitions: readonly TopicPartition[]): Promise<void> {
    try {
      const over = this.#ending.signal
      const positions = await this.#committed(this.#group, partitions)
      if (generation !== this.#generation || this.#closing) return
      for (const position of positions) {
        this.#positions.move(position, position.offset)
        this.#seekClient(position)
      }
      this.#handover.announce({ kind: 'assigned', generation, partitions, over })
    } catch (error) {
      this.#fail(error)
    }
  }

  /** The client starts itself anew, for some seconds. Then whoever polls is told, and joins anew if they like. */
  #mayRestart(): boolean {
    this.#crashingSince ??= performance.now()
    return !this.#closing && performance.now() - this.#crashingSince < RESTARTING_MS
  }

  #onCrash({ payload }: InstrumentationEvent<{ error: Error; restart: boolean }>): void {
    this.#ending.tell()
    this.#positions.clear()
    this.#handover.drop()
    if (!payload.restart) this.#fail(payload.error)
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, isStale, isRunning, heartbeat } = payload
    await this.#beating(heartbeat, this.#started)
    // After a lost membership the client works off the rest of its fetch before it joins again: let it pass.
    if (this.#closing || this.#rejoin !== null || !isRunning() || isStale()) return
    await this.#beat(heartbeat)
    if (this.#rejoin !== null) throw this.#rejoin
    const { carried, carrierOffset, fetchedOffset } = carriedBatch(batch)
    const { batch: fetched } = carried
    if (isStale() || !this.#positions.continues(fetched, fetchedOffset)) return
    if (!this.#isDecodable(fetched)) {
      // The client would ask again at once, and go on doing so until it is closed.
      await sleep(FETCH_WAIT_MS)
      return
    }
    if (fetched.records.length === 0) {
      this.#positions.move(fetched, fetched.nextOffset)
      carried.handled?.()
      resolveOffset(carrierOffset)
      return
    }

    const outcome = await this.#beating(heartbeat, this.#handOver(fetched))
    // What was dropped may be in somebody's hands still: its memory is left to the engine.
    if (outcome === 'handled') carried.handled?.()
    if (this.#rejoin !== null) throw this.#rejoin
    if (outcome === 'handled' && !isStale()) resolveOffset(carrierOffset)
  }

  /** Decodes the batch, now that it is about to be handled. */
  #isDecodable(batch: RecordBatch): boolean {
    try {
      void batch.records
      return true
    } catch (error) {
      this.#fail(error)
      return false
    }
  }

  async #handOver(batch: RecordBatch): Promise<'handled' | 'dropped'> {
    const outcome = await this.#handover.offer(batch)
    // From batch to batch there are promises alone: without a turn of the loop the fetch ahead is not read
    // off its socket, and no heartbeat goes out, before the last batch of the fetch in hand is handled.
    await new Promise(setImmediate)
    return outcome
  }

  /** Keeps the membership alive while something is waited for that may take long. */
  async #beating<T>(heartbeat: () => Promise<void>, what: Promise<T>): Promise<T> {
    const timer = setInterval(() => void this.#beat(heartbeat), this.#heartbeatMs)
    try {
      return await what
    } finally {
      clearInterval(timer)
    }
  }

  async #beat(heartbeat: () => Promise<void>): Promise<void> {
    const generation = this.#generation
    try {
      await heartbeat()
    } catch (error) {
      // An answer that comes late speaks of a generation that is over. Any other failure is the
      // connection's, and the client's own next request will meet it.
      if (generation !== this.#generation || !isRebalance(error)) return
      this.#rejoin = error
      this.#ending.tell()
      this.#handover.withdraw()
    }
  }

  #seekClient({ topic, partition, offset }: Position): void {
    this.#tellClient(() => this.#consumer.seek({ topic, partition, offset: String(offset) }))
  }

  #tellClient(tell: () => void): void {
    try {
      tell()
    } catch {
      // Between a crash and the client's restart there is nothing to seek or pause in; the next join sets it.
    }
  }

  #fail(error: unknown): void {
    this.#ending.tell()
    if (!this.#closing) this.#handover.fail(translate(error, `reading as a member of group ${this.#group}`))
  }
}
