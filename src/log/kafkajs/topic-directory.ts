import type { Admin } from 'kafkajs'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { TopicPartition, TopicSpec } from '../port.ts'
import { translate } from './client-errors.ts'
import { whileAway } from './while-away.ts'

/**
 * Which topics there are, with how many partitions. Remembered, because it is asked before every send: the
 * client itself answers a send to a missing partition with success.
 */
export class TopicDirectory {
  readonly #admin: Admin
  readonly #counts = new Map<string, number>()

  constructor(admin: Admin) {
    this.#admin = admin
  }

  /** Asks the broker. A missing topic is missing from the map. @throws LOG_UNAVAILABLE */
  async counts(topics: readonly string[]): Promise<Map<string, number>> {
    const wanted = new Set(topics)
    const counts = await this.#ask('asking for topics', async () => {
      // Metadata of a missing topic is an error without a name in it, so the names come first.
      const present = (await this.#admin.listTopics()).filter((topic) => wanted.has(topic))
      if (present.length === 0) return []
      const { topics: found } = await this.#admin.fetchTopicMetadata({ topics: present })
      return found.map(({ name, partitions }) => [name, partitions.length] as const)
    })
    for (const [topic, count] of counts) this.#counts.set(topic, count)
    return new Map(counts)
  }

  /** @throws TOPIC_MISSING for a topic, or partition of a topic, that does not exist; LOG_UNAVAILABLE */
  async expect(
    places: readonly (TopicPartition | { topic: string; partition?: undefined })[],
  ): Promise<void> {
    const unknown = places.filter((place) => !this.#knows(place))
    if (unknown.length === 0) return
    await this.counts(unknown.map(({ topic }) => topic))
    const missing = unknown.find((place) => !this.#knows(place))
    if (missing === undefined) return
    const { topic, partition } = missing
    const count = this.#counts.get(topic)
    throw new DriftstreamError(
      'TOPIC_MISSING',
      count === undefined
        ? `expected topic ${topic} to exist`
        : `expected topic ${topic} to have partition ${partition}, it has ${count}`,
      { topic },
    )
  }

  /** All partitions of an existing topic. @throws TOPIC_MISSING, LOG_UNAVAILABLE */
  async partitionsOf(topic: string): Promise<number[]> {
    await this.expect([{ topic }])
    return Array.from({ length: this.#counts.get(topic)! }, (_, partition) => partition)
  }

  /** Creates what is missing, one by one: together, one topic that exists would hide what became of the rest. */
  async create(specs: readonly TopicSpec[]): Promise<string[]> {
    const present = await this.counts(specs.map(({ topic }) => topic))
    const created: string[] = []
    for (const { topic, partitions, replicationFactor, settings = {} } of specs) {
      if (present.has(topic)) continue
      const config = {
        topic,
        numPartitions: partitions,
        replicationFactor: replicationFactor ?? -1,
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
      }
      // False: somebody else was faster.
      const isNew = await this.#ask(`creating topic ${topic}`, () =>
        this.#admin.createTopics({ topics: [config], waitForLeaders: false }),
      )
      if (isNew) created.push(topic)
      if (isNew) this.#counts.set(topic, partitions)
    }
    // Together and afterwards: the client's own wait for a leader takes a tenth of a second a topic.
    if (created.length > 0) {
      await this.#ask('waiting for leaders', () => this.#admin.fetchTopicMetadata({ topics: created }))
    }
    return created
  }

  #knows({ topic, partition }: TopicPartition | { topic: string; partition?: undefined }): boolean {
    const count = this.#counts.get(topic)
    return count !== undefined && (partition === undefined || partition < count)
  }

  async #ask<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await whileAway(ask, () => this.#admin.connect())
    } catch (error) {
      throw translate(error, doing)
    }
  }
}
