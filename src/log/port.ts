/**
 * The log port: the whole of Kafka that driftstream needs, and nothing more.
 *
 * Adapters: `memory-log.ts` (embedded mode, tests) and `kafkajs/` (production). Both pass
 * `test/conformance/log-conformance.ts`; another client is one more folder that passes it.
 *
 * Offsets are JavaScript numbers, checked to be safe integers where they enter: 2^53 records in one
 * partition are 285 years at a million a second. Timestamps are epoch milliseconds.
 */

import type { CopyableValue } from '../events/copyable-value.ts'
import type { Headers } from '../events/headers.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A place in a partition: `offset` is the next record to read, never the last one read. */
export interface Position extends TopicPartition {
  readonly offset: number
}

/** A position as a group has committed it. */
export interface CommittedPosition extends Position {
  /** What its owner wrote beside it, up to a kilobyte of text; absent where nothing was. */
  readonly note?: string
}

/** A run of records of one partition: `from` included, `to` excluded. */
export interface OffsetRange extends TopicPartition {
  readonly from: number
  readonly to: number
}

export interface LogRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  /** The same value for those who copy its bytes anyway, where that is cheaper than `value`; null as that is. */
  readonly copyable?: CopyableValue | null
  readonly headers: Headers
}

/**
 * What one poll brings of one partition, in offset order. Keys, values and headers may alias the buffer of a
 * whole fetch: decode at once, and copy what is retained.
 */
export interface RecordBatch extends TopicPartition {
  readonly records: readonly LogRecord[]
  /** Where reading goes on: past the last record and past what the client skipped (transaction markers). */
  readonly nextOffset: number
  /** End of the partition as the broker last told it; `highWatermark - nextOffset` is the lag. */
  readonly highWatermark: number
}

/** A record on its way out. The partition is explicit: no client-side partitioner decides twice. */
export interface OutgoingRecord extends TopicPartition {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: Headers
  readonly timestamp: number
}

export interface TopicSpec {
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor?: number
  /** Broker settings such as `retention.ms`; the in-memory log honours `retention.ms` alone. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Assigned {
  readonly kind: 'assigned'
  readonly generation: number
  readonly partitions: readonly TopicPartition[]
  /**
   * Aborted with `ASSIGNMENT_LOST` as soon as the adapter knows that this assignment is over, polled or not:
   * what is being made ready for it is for nobody. Whether it is over is decided elsewhere, and known late.
   */
  readonly over: AbortSignal
}

/**
 * What a poll returns. `assigned` comes first after every (re)join, before any record: the owner drops
 * all uncommitted state of every partition, retained ones too, and starts from the committed offsets.
 * `generation` grows with every (re)join this member sees; two members' numbers need not be the same.
 */
export type Poll =
  | Assigned
  | { readonly kind: 'records'; readonly batch: RecordBatch }
  | { readonly kind: 'idle' }

/** A member of a consumer group. Topics are co-partitioned: partition p of every topic has one owner. */
export interface GroupConsumer {
  /**
   * Waits up to `timeoutMs` for the next thing to handle. The batch handed out before counts as handled
   * when `poll` is called again; until then the adapter keeps the group membership alive by itself.
   * Handling moves only the position in memory: what counts is what `flush` commits.
   */
  poll(timeoutMs: number): Promise<Poll>
  /** Moves the read position of an assigned partition; records polled earlier are not returned again. */
  seek(position: Position): void
  /**
   * Reads no further in an assigned partition, and stays its owner. A batch fetched before may still come.
   * Ends with `resume` or the next assignment.
   */
  pause(at: TopicPartition): void
  resume(at: TopicPartition): void
  close(): Promise<void>
}

export interface Flush {
  readonly records: readonly OutgoingRecord[]
  /** Consumed positions committed for `group` in the same transaction; absent for a plain publish. */
  readonly offsets?: { readonly group: string; readonly positions: readonly CommittedPosition[] }
}

export interface FlushResult {
  /** One past the last record written, per topic-partition. */
  readonly written: readonly Position[]
}

/**
 * A transactional producer. `open` fences every older producer of the same id and settles its pending
 * transaction, so committed offsets read *after* `open` are final.
 */
export interface TransactionalProducer {
  /**
   * Writes records and offsets in one transaction: all or nothing. A broker may show them to readers some
   * milliseconds after; `open` of the same id and `Follower.catchUp` wait for that. Rejects with `PRODUCER_FENCED`
   * when a newer owner exists, or the broker gave a slow transaction up, and with `COMMIT_UNCLEAR` when the
   * outcome is unknown; after either the producer is spent: open a new one and read the committed offsets again.
   */
  flush(flush: Flush): Promise<FlushResult>
  close(): Promise<void>
}

/** A producer without transactions, for the edges that feed the log: idempotent, one partition a send. */
export interface Producer {
  send(records: readonly OutgoingRecord[]): Promise<FlushResult>
  close(): Promise<void>
}

/** Reads every partition of some topics from the start, forever, without committing: a table's reader. */
export interface Follower {
  /**
   * Everything committed up to the moment of the call and not yet returned, partition by partition. Its
   * bytes, like those of every record, may alias a buffer of many: copy what is retained.
   */
  catchUp(): Promise<readonly RecordBatch[]>
  close(): Promise<void>
}

export interface PartitionOffsets {
  readonly partition: number
  /** First offset still in the log. */
  readonly low: number
  /** One past the last record, transaction markers and open transactions included. */
  readonly high: number
}

/** Times a log may need; the in-memory log ignores those that have no meaning in one process. */
export interface GroupOptions {
  readonly group: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs?: number
  /**
   * Keys, values and headers of a batch hold until the next poll and no longer: their memory may be read into
   * again. Absent or false: as long as somebody has them.
   */
  readonly reuseBytes?: boolean
}

export interface Log {
  /** Creates what is missing and leaves the rest alone. Returns the names it created. */
  createTopics(specs: readonly TopicSpec[]): Promise<readonly string[]>
  /** Partition counts of the topics that exist; a missing topic is missing from the map. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  offsets(topic: string): Promise<readonly PartitionOffsets[]>
  /** Per partition the first offset whose timestamp is at or after `timestamp`; the end where none is. */
  offsetsAt(topic: string, timestamp: number): Promise<readonly Position[]>
  /** Committed positions; a partition without a commit stands at its first offset still in the log. */
  committed(group: string, partitions: readonly TopicPartition[]): Promise<readonly CommittedPosition[]>
  join(options: GroupOptions): Promise<GroupConsumer>
  openTransactional(transactionalId: string): Promise<TransactionalProducer>
  openProducer(): Promise<Producer>
  follow(topics: readonly string[]): Promise<Follower>
  /**
   * Reads given ranges once, in offset order within a partition, committed records only. What retention has
   * dropped is skipped, what lies beyond the end is not waited for.
   */
  read(ranges: readonly OffsetRange[]): AsyncIterable<RecordBatch>
  close(): Promise<void>
}
