import type { AppOptions, TopicNames } from '../config/options.ts'
import { createJsonDecoder, type SourceDecoder } from '../events/decode-source-event.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import { partitionOf } from '../log/partition-of.ts'
import type { LogRecord, OffsetRange, OutgoingRecord, Position, RecordBatch } from '../log/port.ts'
import { encodeDelta } from '../sketches/delta-codec.ts'
import { encodeReferenceSample } from '../sketches/reference-sample-codec.ts'
import { splitDelta } from '../sketches/split-delta.ts'
import {
  completeUntil,
  createObserveState,
  type ObserveContext,
  type ObserveState,
  observeFeature,
  observeLabel,
  takeEntries,
} from '../steps/observe.ts'
import { DeadLetters } from './dead-letters.ts'
import type { Edge } from './edge.ts'
import { ReferenceTable } from './reference-table.ts'
import type { Task, TaskProcess } from './task.ts'
import type { PartitionCounts } from './topics.ts'

/** A silent source still says so this often, so that the detector can tell idle from dead. */
const HEARTBEAT_MS = 10_000

/** Features and labels in, sketch deltas and dead letters out. */
export async function openObserver(
  options: AppOptions,
  partitions: PartitionCounts,
  edge: Edge,
): Promise<TaskProcess> {
  const topics = options.topics.names
  const references = await ReferenceTable.open(edge.log, topics.references, edge.logger)
  const decoder = createJsonDecoder(options.mapping)
  return {
    name: 'observer',
    group: `${options.group}.observer`,
    topics: [topics.features, topics.labels],
    heartbeatMs: HEARTBEAT_MS,
    async openTask(partition, committed) {
      const task = new ObserverTask(partition, options, partitions, edge, decoder, references)
      await task.restore(committed)
      return task
    },
    close: () => references.close(),
  }
}

/** Enough to find a record among transaction markers when looking where a committed position lies in time. */
const TAIL_RECORDS = 100

/** A record with the event it holds. */
interface Decoded<Event> {
  readonly record: LogRecord
  readonly event: Event
}

class ObserverTask implements Task {
  readonly busy = false
  readonly #options: AppOptions
  readonly #topics: TopicNames
  readonly #partitions: PartitionCounts
  readonly #edge: Edge
  readonly #decoder: SourceDecoder
  readonly #references: ReferenceTable
  readonly #state: ObserveState
  readonly #context: ObserveContext
  readonly #deadLetters: DeadLetters
  /** Versions looked up in vain since the last flush: asking again for each event would cost a round trip. */
  readonly #missing = new Set<string>()
  /** By this process's clock: silence is about arriving, whatever times the events carry. */
  #lastFeatureAt: number
  #lastLabelAt: number
  /** Where the labels have been read to. */
  #labelPosition: Position | null = null

  constructor(
    partition: number,
    options: AppOptions,
    partitions: PartitionCounts,
    edge: Edge,
    decoder: SourceDecoder,
    references: ReferenceTable,
  ) {
    this.#options = options
    this.#topics = options.topics.names
    this.#partitions = partitions
    this.#edge = edge
    this.#decoder = decoder
    this.#references = references
    this.#state = createObserveState(partition)
    this.#lastFeatureAt = edge.clock.now()
    this.#lastLabelAt = this.#lastFeatureAt
    const deadLetters = { topic: this.#topics.deadLetters, partitions: partitions.deadLetters }
    this.#deadLetters = new DeadLetters({ ...deadLetters, stage: 'observer' }, edge)
    this.#context = {
      stream: options.stream,
      models: options.models,
      referenceOf: (model, version) => references.get(model, version),
    }
  }

  get pending(): boolean {
    return this.#deadLetters.count > 0
  }

  tick(): void {}

  async close(): Promise<void> {}

  /**
   * Rebuilds the join: predictions and labels that may still be waiting lie before the committed
   * positions, so they are read again and stepped without being counted.
   */
  async restore(committed: readonly Position[]): Promise<void> {
    const since = (await this.#readUntil(committed)) - this.#options.stream.labelWaitMs
    const ranges: OffsetRange[] = []
    for (const { topic, partition, offset } of committed) {
      const start = (await this.#edge.log.offsetsAt(topic, since)).find((at) => at.partition === partition)
      if (start !== undefined && start.offset < offset) {
        ranges.push({ topic, partition, from: start.offset, to: offset })
      }
    }
    this.#labelPosition = committed.find(({ topic }) => topic === this.#topics.labels) ?? null
    let count = 0
    for await (const batch of this.#edge.log.read(ranges)) {
      await this.#step(batch, false)
      count += batch.records.length
    }
    this.#deadLetters.take()
    await this.prepareFlush()
    takeEntries(this.#state)
    this.#state.flush = 0
    if (count > 0) this.#edge.logger.info({ task: this.#state.task, records: count }, 'label join rebuilt')
  }

  fold(batch: RecordBatch): Promise<void> {
    const now = this.#edge.clock.now()
    if (batch.topic === this.#topics.features) this.#lastFeatureAt = now
    else {
      this.#lastLabelAt = now
      this.#labelPosition = { topic: batch.topic, partition: batch.partition, offset: batch.nextOffset }
    }
    return this.#step(batch, true)
  }

  async prepareFlush(): Promise<void> {
    const at = this.#labelPosition
    if (at === null) return
    // A silent topic holds nobody; behind its last label there may be nothing but a transaction's marker.
    const isSilent = this.#edge.clock.now() - this.#lastLabelAt > this.#options.stream.idleAfterMs
    const ends = isSilent ? [] : await this.#edge.log.offsets(at.topic)
    this.#state.labelsBehind = ends.some(
      ({ partition, high }) => partition === at.partition && at.offset < high,
    )
  }

  take(ranges: readonly OffsetRange[]): readonly OutgoingRecord[] {
    const { entries, stream, flush } = takeEntries(this.#state)
    stream.deadLetters = this.#deadLetters.count
    this.#missing.clear()
    const now = this.#edge.clock.now()
    const { sketches } = this.#partitions
    const sources = ranges.map((range) => ({ ...range, readUntil: this.#readUntilOf(range.topic) }))
    const records = this.#samples(now)
    for (let partition = 0; partition < sketches; partition++) {
      const whole = {
        task: this.#state.task,
        flush,
        part: 0,
        parts: 1,
        sources,
        watermark: completeUntil(this.#state),
        idle: now - this.#lastFeatureAt > this.#options.stream.idleAfterMs,
        stream,
        entries: entries.filter(({ model }) => partitionOf(model, sketches) === partition),
      }
      for (const delta of splitDelta(whole)) {
        records.push({
          topic: this.#topics.sketches,
          partition,
          key: null,
          value: encodeDelta(delta),
          timestamp: now,
        })
      }
    }
    records.push(...this.#deadLetters.take())
    return records
  }

  #readUntilOf(topic: string): number {
    return topic === this.#topics.labels ? this.#state.labelWatermark : this.#state.watermark
  }

  /** Before the deltas of the same flush: what closes a pane must find its rows there. */
  #samples(now: number): OutgoingRecord[] {
    const { sketches } = this.#partitions
    const hasReference = (model: string, version: string) => this.#references.get(model, version) !== null
    return this.#state.sampler.take(this.#state.task, hasReference).flatMap((sample) =>
      encodeReferenceSample(sample).map((value) => ({
        topic: this.#topics.sketches,
        partition: partitionOf(sample.model, sketches),
        key: null,
        value,
        timestamp: now,
      })),
    )
  }

  /**
   * Record time up to which the task has read on both topics: a stream that is replayed lives far from any
   * clock, and predictions wait for labels that are behind.
   */
  async #readUntil(committed: readonly Position[]): Promise<number> {
    let until = Number.POSITIVE_INFINITY
    for (const { topic, partition, offset } of committed) {
      const tail = { topic, partition, from: Math.max(0, offset - TAIL_RECORDS), to: offset }
      if (tail.from === tail.to) continue
      let newest = Number.NEGATIVE_INFINITY
      for await (const { records } of this.#edge.log.read([tail])) {
        for (const { timestamp } of records) newest = Math.max(newest, timestamp)
      }
      if (Number.isFinite(newest)) until = Math.min(until, newest)
    }
    return Number.isFinite(until) ? until : this.#edge.clock.now()
  }

  async #step(batch: RecordBatch, counted: boolean): Promise<void> {
    if (batch.topic !== this.#topics.features) {
      for (const { record, event } of this.#decoded(batch, (value) => this.#decoder.label(value))) {
        const arrival = { timestamp: record.timestamp, counted }
        const rejection = observeLabel(this.#state, event, arrival, this.#context)
        if (rejection !== null) this.#deadLetters.add(record, batch, rejection)
      }
      return
    }
    const features = this.#decoded(batch, (value) => this.#decoder.feature(value))
    await this.#lookUpReferences(features)
    for (const { record, event } of features) {
      const arrival = { timestamp: record.timestamp, counted }
      const rejection = observeFeature(this.#state, event, arrival, this.#context)
      if (rejection !== null) this.#deadLetters.add(record, batch, rejection)
    }
  }

  #decoded<Event>(batch: RecordBatch, decode: (value: Uint8Array | null) => Event): Decoded<Event>[] {
    const decoded: Decoded<Event>[] = []
    for (const record of batch.records) {
      const event = this.#deadLetters.attempt(record, batch, () => decode(record.value))
      if (event !== null) decoded.push({ record, event })
    }
    return decoded
  }

  async #lookUpReferences(features: readonly Decoded<FeatureEvent>[]): Promise<void> {
    let unknown = false
    for (const { event } of features) {
      const { model, version } = event
      const reference = this.#references.get(model, version)
      // A cut reference is soon followed by its counts, or by one that somebody publishes instead.
      if ((reference !== null && reference.stage !== 'cut') || !this.#options.models.has(model)) continue
      const key = `${model}\n${version}`
      unknown ||= !this.#missing.has(key)
      this.#missing.add(key)
    }
    if (unknown) await this.#references.catchUp()
  }
}
