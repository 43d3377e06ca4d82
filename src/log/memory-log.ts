import { DriftstreamError } from '../errors/driftstream-error.ts'
import { type GroupSurroundings, MemoryGroup } from './memory-group.ts'
import { MemoryPartition } from './memory-partition.ts'
import { EventLoopTurns } from './memory-turns.ts'
import type {
  CommittedPosition,
  Flush,
  FlushResult,
  Follower,
  GroupConsumer,
  GroupOptions,
  Log,
  OffsetRange,
  OutgoingRecord,
  PartitionOffsets,
  Position,
  Producer,
  RecordBatch,
  TopicPartition,
  TopicSpec,
  TransactionalProducer,
} from './port.ts'

export interface MemoryLogOptions {
  /** Most records a poll hands out at once. */
  readonly batchMax?: number
}

/**
 * A log in this process's memory: partitions, groups, transactions and fencing as the port promises them.
 * The embedded default and the test double. Nothing outlives the process; record bytes are shared with
 * whoever sent them, so a sender must not write into them afterwards.
 */
export function openMemoryLog(options: MemoryLogOptions = {}): Log {
  return new MemoryLog(options.batchMax ?? 5_000)
}

class MemoryLog implements Log {
  readonly #topics = new Map<string, MemoryPartition[]>()
  readonly #groups = new Map<string, MemoryGroup>()
  /** Newest epoch of each transactional id. */
  readonly #epochs = new Map<string, number>()
  readonly #surroundings: GroupSurroundings
  #closed = false

  constructor(batchMax: number) {
    this.#surroundings = {
      batchMax,
      turns: new EventLoopTurns(),
      partition: (at) => this.#partition(at),
      partitionCounts: () => new Map([...this.#topics].map(([topic, { length }]) => [topic, length])),
      arrivals: new Set(),
    }
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<readonly string[]> {
    const created: string[] = []
    for (const { topic, partitions, settings } of specs) {
      if (this.#topics.has(topic)) continue
      const retentionMs = Number(settings?.['retention.ms'] ?? -1)
      const kept = retentionMs < 0 ? Number.POSITIVE_INFINITY : retentionMs
      this.#topics.set(
        topic,
        Array.from({ length: partitions }, () => new MemoryPartition(kept)),
      )
      created.push(topic)
    }
    return created
  }

  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = this.#surroundings.partitionCounts()
    return new Map(topics.flatMap((topic) => (counts.has(topic) ? [[topic, counts.get(topic)!]] : [])))
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    return this.#partitions(topic).map(({ low, high }, partition) => ({ partition, low, high }))
  }

  async offsetsAt(topic: string, timestamp: number): Promise<readonly Position[]> {
    return this.#partitions(topic).map((log, partition) => ({
      topic,
      partition,
      offset: log.offsetAt(timestamp),
    }))
  }

  async committed(
    group: string,
    partitions: readonly TopicPartition[],
  ): Promise<readonly CommittedPosition[]> {
    return partitions.map((at) => this.#group(group).committed(at))
  }

  async join({ group, topics }: GroupOptions): Promise<GroupConsumer> {
    this.#expectOpen()
    for (const topic of topics) this.#partitions(topic)
    return this.#group(group).join(topics)
  }

  async openTransactional(transactionalId: string): Promise<TransactionalProducer> {
    this.#expectOpen()
    const epoch = (this.#epochs.get(transactionalId) ?? 0) + 1
    this.#epochs.set(transactionalId, epoch)
    return {
      flush: async (flush) => {
        await this.#surroundings.turns.take()
        const newest = this.#epochs.get(transactionalId)
        if (newest !== epoch) {
          throw new DriftstreamError(
            'PRODUCER_FENCED',
            `expected epoch ${epoch} of ${transactionalId} to be the newest, got ${newest}: another owner took over`,
            { transactionalId, epoch },
          )
        }
        return this.#write(flush, true)
      },
      close: async () => {},
    }
  }

  async openProducer(): Promise<Producer> {
    this.#expectOpen()
    return {
      send: async (records) => {
        await this.#surroundings.turns.take()
        return this.#write({ records }, false)
      },
      close: async () => {},
    }
  }

  async follow(topics: readonly string[]): Promise<Follower> {
    this.#expectOpen()
    const positions = topics.flatMap((topic) =>
      this.#partitions(topic).map((log, partition) => ({ topic, partition, offset: log.low })),
    )
    return {
      catchUp: async () => {
        await this.#surroundings.turns.take()
        const batches: RecordBatch[] = []
        for (const position of positions) {
          const { topic, partition } = position
          const to = this.#partition(position).high
          for (const batch of this.#batches({ topic, partition, from: position.offset, to })) {
            batches.push(batch)
          }
          position.offset = to
        }
        return batches
      },
      close: async () => {},
    }
  }

  async *read(ranges: readonly OffsetRange[]): AsyncIterable<RecordBatch> {
    for (const range of ranges) {
      const to = Math.min(range.to, this.#partition(range).high)
      for (const batch of this.#batches({ ...range, to })) {
        await this.#surroundings.turns.take()
        yield batch
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const group of this.#groups.values()) await group.close()
  }

  *#batches({ topic, partition, from, to }: OffsetRange): Iterable<RecordBatch> {
    const log = this.#partition({ topic, partition })
    let position = from
    while (position < to) {
      const { records, nextOffset } = log.slice(position, to, this.#surroundings.batchMax)
      position = nextOffset
      if (records.length === 0) continue
      this.#surroundings.turns.spend(records.length)
      yield { topic, partition, records, nextOffset, highWatermark: log.high }
    }
  }

  /** One synchronous step, hence atomic; whatever can fail is looked up before anything is written. */
  #write({ records, offsets }: Flush, transactional: boolean): FlushResult {
    this.#expectOpen()
    const touched = new Map<MemoryPartition, TopicPartition>()
    const targets = records.map((record: OutgoingRecord) => {
      const log = this.#partition(record)
      touched.set(log, record)
      return log
    })
    for (const position of offsets?.positions ?? []) this.#partition(position)

    for (let index = 0; index < targets.length; index++) targets[index]!.append(records[index]!)
    const written = [...touched].map(([log, { topic, partition }]) => ({
      topic,
      partition,
      offset: log.high,
    }))
    if (transactional) for (const log of touched.keys()) log.appendMarker()
    for (const position of offsets?.positions ?? []) this.#group(offsets!.group).commit(position)

    this.#surroundings.turns.spend(records.length)
    if (records.length > 0) for (const check of [...this.#surroundings.arrivals]) check()
    return { written }
  }

  #group(name: string): MemoryGroup {
    const group = this.#groups.get(name) ?? new MemoryGroup(this.#surroundings)
    this.#groups.set(name, group)
    return group
  }

  #partitions(topic: string): MemoryPartition[] {
    const partitions = this.#topics.get(topic)
    if (partitions === undefined) {
      throw new DriftstreamError('TOPIC_MISSING', `expected topic ${topic} to exist`, { topic })
    }
    return partitions
  }

  #partition({ topic, partition }: TopicPartition): MemoryPartition {
    const partitions = this.#partitions(topic)
    const log = partitions[partition]
    if (log === undefined) {
      throw new DriftstreamError(
        'TOPIC_MISSING',
        `expected topic ${topic} to have partition ${partition}, it has ${partitions.length}`,
        { topic, partition },
      )
    }
    return log
  }

  #expectOpen(): void {
    if (this.#closed) throw new DriftstreamError('STATE_IMPOSSIBLE', 'expected an open log, got a closed one')
  }
}
