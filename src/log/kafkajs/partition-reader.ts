import type { Cluster, Consumer } from 'kafkajs'
import type { CommittedPosition, Position } from '../port.ts'
import { NotYetKnown, translate } from './client-errors.ts'
import { offsetOf } from './client-records.ts'
import { type Fetched, fetchFromBroker } from './fetch-from-broker.ts'
import type { KafkaClient } from './kafka-client.ts'
import { whileAway } from './while-away.ts'

const PARTITION_BYTES = 1_048_576
const LIMITS = {
  partitionBytesMax: PARTITION_BYTES,
  bytesMax: 8 * PARTITION_BYTES,
  // Only what is known to be written is asked for: the broker waits for the end of a transaction, or not at all.
  maxWaitMs: 100,
}

/**
 * Reads partitions at explicit offsets, without a group.
 *
 * The client offers no `assign`, but it hands every assigner its cluster: the connections, the metadata and
 * the plain requests. So a consumer is made that never joins, and its cluster is asked directly: no group to
 * create, to wait for and to delete, and nothing is fetched that nobody asked for.
 */
export class PartitionReader {
  readonly #cluster: Cluster
  readonly #client: KafkaClient
  readonly #consumer: Consumer

  constructor(client: KafkaClient) {
    let cluster: Cluster | undefined
    this.#client = client
    this.#consumer = client.kafka.consumer({
      groupId: 'none',
      // For the ends of partitions; fetches ask for committed records all the same.
      readUncommitted: true,
      allowAutoTopicCreation: false,
      partitionAssigners: [
        (config) => {
          cluster = config.cluster
          return {
            name: 'none',
            version: 0,
            assign: async () => [],
            protocol: () => ({ name: 'none', metadata: Buffer.alloc(0) }),
          }
        },
      ],
    })
    this.#cluster = cluster!
  }

  close(): Promise<void> {
    return this.#client.close(this.#consumer)
  }

  /** First offset of each partition still in the log. */
  async starts(topic: string, partitions: readonly number[]): Promise<Position[]> {
    return this.#listOffsets(topic, partitions, { fromBeginning: true })
  }

  /** One past the last offset of each partition, transactions still open included. */
  async ends(topic: string, partitions: readonly number[]): Promise<Position[]> {
    return this.#listOffsets(topic, partitions, { fromBeginning: false })
  }

  /** First offset at or after a time; -1 where there is none. */
  async at(topic: string, partitions: readonly number[], timestamp: number): Promise<Position[]> {
    // Negative times mean "earliest" and "latest" to the broker.
    const fromTimestamp = Math.min(Math.max(0, Math.ceil(timestamp)), Number.MAX_SAFE_INTEGER)
    return this.#listOffsets(topic, partitions, { fromTimestamp })
  }

  /** Committed positions of a group; -1 where there is none. */
  async committed(group: string, topic: string, partitions: readonly number[]): Promise<CommittedPosition[]> {
    const wanted = { topic, partitions: partitions.map((partition) => ({ partition, offset: '-1' })) }
    return this.#ask([topic], `reading the committed offsets of ${group}`, async () => {
      const coordinator = await this.#cluster.findGroupCoordinator({ groupId: group })
      const { responses } = await coordinator.offsetFetch({ groupId: group, topics: [wanted] })
      const answers = responses[0]?.partitions ?? []
      // The client's types leave the metadata out, what it reads does not.
      const noted = answers as readonly { readonly partition: number; readonly metadata?: string | null }[]
      const notes = new Map(noted.map(({ partition, metadata }) => [partition, metadata]))
      return inOrder(topic, partitions, answers).map((position) => {
        const note = notes.get(position.partition)
        return note ? { ...position, note } : position
      })
    })
  }

  /** One fetch from the leader of each partition. A position below the log's start moves up to it. */
  async fetch(positions: readonly Position[]): Promise<Fetched[]> {
    const topics = [...new Set(positions.map(({ topic }) => topic))]
    try {
      return await this.#ask(topics, 'reading', () => this.#fetchFromLeaders(positions))
    } catch (error) {
      const reset = await this.#afterOutOfRange(error, positions)
      if (reset === null) throw error
      return this.fetch(reset)
    }
  }

  async #fetchFromLeaders(positions: readonly Position[]): Promise<Fetched[]> {
    const byLeader = new Map<string, Position[]>()
    for (const position of positions) {
      const leaders = this.#cluster.findLeaderForPartitions(position.topic, [position.partition])
      const [leader = '-1'] = Object.keys(leaders)
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), position])
    }
    const answers = [...byLeader].map(async ([nodeId, wanted]) =>
      fetchFromBroker(await this.#cluster.findBroker({ nodeId }), wanted, LIMITS),
    )
    const fetched = (await Promise.all(answers)).flat()
    // Now, not wherever they are looked at: what cannot be decoded is this read's failure.
    for (const { batch } of fetched) void batch.records
    return fetched
  }

  async #afterOutOfRange(error: unknown, positions: readonly Position[]): Promise<Position[] | null> {
    const { cause } = error as { cause?: { name?: string; topic?: string; partition?: number } }
    if (cause?.name !== 'KafkaJSOffsetOutOfRange') return null
    const at = positions.findIndex(
      ({ topic, partition }) => topic === cause.topic && partition === cause.partition,
    )
    const position = positions[at]
    if (position === undefined) return null
    const [start] = await this.starts(position.topic, [position.partition])
    if (start === undefined || start.offset <= position.offset) return null
    return positions.with(at, start)
  }

  #listOffsets(
    topic: string,
    partitions: readonly number[],
    from: { fromBeginning: boolean } | { fromTimestamp: number },
  ): Promise<Position[]> {
    return this.#ask([topic], `asking for offsets of ${topic}`, async () => {
      const wanted = partitions.map((partition) => ({ partition }))
      const [answer] = await this.#cluster.fetchTopicsOffset([{ topic, partitions: wanted, ...from }])
      return inOrder(topic, partitions, answer?.partitions ?? [])
    })
  }

  async #ask<T>(topics: readonly string[], doing: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await whileAway(
        async () => {
          await this.#cluster.connect()
          await this.#cluster.addMultipleTargetTopics([...topics])
          await this.#cluster.refreshMetadataIfNecessary()
          return ask()
        },
        (error) => this.#recover(error),
      )
    } catch (error) {
      throw translate(error, doing)
    }
  }

  /** A closed connection stays in the client's pool until it is told; moved leaders show in new metadata. */
  async #recover(error: unknown): Promise<void> {
    const { name, host, port } = error as { name?: string; host?: string; port?: number }
    if (name === 'KafkaJSConnectionClosedError' && host !== undefined && port !== undefined) {
      this.#cluster.removeBroker({ host, port })
    }
    await this.#cluster.refreshMetadata()
  }
}

function inOrder(
  topic: string,
  partitions: readonly number[],
  answers: readonly { partition: number; offset: string }[],
): Position[] {
  const offsets = new Map(answers.map(({ partition, offset }) => [partition, offsetOf(offset)]))
  return partitions.map((partition) => {
    const offset = offsets.get(partition)
    // The client leaves out, without a word, partitions that its metadata does not know yet: ask again.
    if (offset === undefined) throw new NotYetKnown(`${topic}/${partition}`)
    return { topic, partition, offset }
  })
}
