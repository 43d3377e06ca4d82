import { tmpdir } from 'node:os'
import type { AppOptions, TopicNames } from '../config/options.ts'
import { cheapestValue } from '../events/copyable-value.ts'
import { type Attempts, BackOff } from '../events/extract/back-off.ts'
import type {
  CommittedPosition,
  LogRecord,
  OffsetRange,
  OutgoingRecord,
  Position,
  RecordBatch,
} from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { SetMetric } from '../metrics/metrics.ts'
import { Tally } from '../metrics/tally.ts'
import {
  completeUntil,
  countInStore,
  createObserveState,
  type ObserveContext,
  type ObserveState,
  observeFeature,
  observeLabel,
  takeEntries,
} from '../steps/observe.ts'
import { DeadLetters } from './dead-letters.ts'
import { deltaRecords, sampleRecords } from './delta-records.ts'
import { DiskRoom } from './disk-room.ts'
import type { Edge } from './edge.ts'
import { joinNotes } from './join-notes.ts'
import { endJoinRebuild, type JoinRebuild, planJoinRebuild, readAgain } from './join-rebuild.ts'
import type { LabelEnds } from './label-ends.ts'
import { type Extractors, openReaders, type Readers } from './observer-readers.ts'
import type { ReferenceTable } from './reference-table.ts'
import { SchemaWait } from './schema-wait.ts'
import { Slices } from './slices.ts'
import { tallyFlush } from './tally-flush.ts'
import { restoredTask, type Task, type TaskProcess } from './task.ts'
import type { PartitionCounts } from './topics.ts'
import { UnknownVersions } from './unknown-versions.ts'
import { WaitingFile } from './waiting-file.ts'

/** A silent source still says so this often, so that the detector can tell idle from dead. */
const HEARTBEAT_MS = 10_000
/** Events between two looks at the time: of a model not seen before one takes tens of milliseconds. */
const LOOKED_EVERY = 8

/**
 * Features and labels in, sketch deltas and dead letters out. `attempts` decides which records are read
 * without parsing them; what is written is the same.
 */
export async function openObserver(
  options: AppOptions,
  partitions: PartitionCounts,
  edge: Edge,
  attempts: () => Attempts = () => new BackOff(),
): Promise<TaskProcess> {
  const topics = options.topics.names
  const readers = await openReaders(options, partitions, edge, attempts)
  const { diskBytesMax, directory } = options.join ?? { diskBytesMax: 0, directory: null }
  const room = new DiskRoom(diskBytesMax, edge.logger)
  return {
    name: 'observer',
    group: `${options.group}.observer`,
    topics: [topics.features, topics.labels],
    heartbeatMs: HEARTBEAT_MS,
    copiesBytes: true,
    async openTask(partition, committed, over) {
      const file = diskBytesMax === 0 ? null : new WaitingFile(directory ?? tmpdir(), room)
      const task = new ObserverTask(partition, options, readers, file, edge)
      return restoredTask(task, task.restore(committed, new Slices(edge, over)))
    },
    close: () => readers.references.close(),
  }
}

class ObserverTask implements Task {
  readonly busy = false
  readonly #options: AppOptions
  readonly #topics: TopicNames
  readonly #partitions: PartitionCounts
  readonly #edge: Edge
  readonly #extractors: Extractors
  readonly #references: ReferenceTable
  readonly #labelEnds: LabelEnds
  readonly #file: WaitingFile | null
  readonly #state: ObserveState
  readonly #context: ObserveContext
  readonly #deadLetters: DeadLetters
  readonly #tally: Tally
  readonly #schemaWait: SchemaWait
  readonly #unknown: UnknownVersions
  /** By this process's clock: silence is about arriving, whatever times the events carry. */
  #lastFeatureAt: number
  #lastLabelAt: number
  /** Predictions and labels that wait for one another, as the last flush told it. */
  #waiting = 0
  /** Where the labels have been read to. */
  #labelPosition: Position | null = null
  /** Beside the positions of the flush under way: what the next owner must read again. */
  #notes: { features: string; labels: string } | null = null

  constructor(
    partition: number,
    options: AppOptions,
    { partitions, extractors, references, labelEnds }: Readers,
    file: WaitingFile | null,
    edge: Edge,
  ) {
    this.#options = options
    this.#topics = options.topics.names
    this.#partitions = partitions
    this.#edge = edge
    this.#extractors = extractors
    this.#references = references
    this.#labelEnds = labelEnds
    this.#file = file
    this.#schemaWait = new SchemaWait(edge.schemas)
    this.#unknown = new UnknownVersions(references, options.models)
    this.#state = createObserveState(partition, file)
    this.#lastFeatureAt = edge.clock.now()
    this.#lastLabelAt = this.#lastFeatureAt
    const deadLetters = { topic: this.#topics.deadLetters, partitions: partitions.deadLetters }
    this.#tally = new Tally(edge.metrics)
    this.#deadLetters = new DeadLetters(
      { ...deadLetters, stage: 'observer', options: options.deadLetters },
      edge,
      this.#tally,
    )
    this.#context = {
      stream: options.stream,
      models: options.models,
      referenceOf: (model, version) => references.get(model, version),
    }
  }

  get pending(): boolean {
    return this.#deadLetters.count > 0
  }

  get paused(): boolean {
    return this.#deadLetters.paused || this.#schemaWait.isWaiting
  }

  /** Who rests is not silent. */
  tick(): void {
    this.#schemaWait.tell(this.#state.task, this.#edge.condition)
    if (!this.paused) return
    this.#lastFeatureAt = this.#edge.clock.now()
    this.#lastLabelAt = this.#lastFeatureAt
  }

  async close(): Promise<void> {
    this.#file?.close()
  }

  /**
   * Rebuilds the join: predictions and labels that still wait lie before the committed positions, so they are
   * read again and stepped without being counted.
   * @throws the reason of the slices' signal, soon after it is aborted
   */
  async restore(committed: readonly CommittedPosition[], slices: Slices): Promise<void> {
    const { log, schemas, alive } = this.#edge
    const rebuild = await planJoinRebuild(committed, this.#options, this.#edge)
    this.#labelPosition = committed.find(({ topic }) => topic === this.#topics.labels) ?? null
    let count = 0
    for await (const batch of log.read(rebuild.ranges)) {
      await schemas?.settled(batch.records, alive, slices.over)
      if (batch.topic === this.#topics.features) await this.#stepFeatures(batch, false, slices)
      else this.#stepLabels(batch, rebuild)
      await slices.turnOrGiveUp()
      count += batch.records.length
    }
    endJoinRebuild(rebuild, this.#state, this.#context)
    this.#deadLetters.open()
    await this.prepareFlush()
    takeEntries(this.#state)
    this.#tally.drop()
    this.#state.flush = 0
    if (count > 0) this.#edge.logger.info({ task: this.#state.task, records: count }, 'label join rebuilt')
  }

  canFold(batch: RecordBatch): boolean {
    return this.#schemaWait.covers(batch)
  }

  async fold(batch: RecordBatch): Promise<void> {
    const now = this.#edge.clock.now()
    if (batch.topic === this.#topics.features) this.#lastFeatureAt = now
    else {
      this.#lastLabelAt = now
      this.#labelPosition = { topic: batch.topic, partition: batch.partition, offset: batch.nextOffset }
    }
    if (batch.topic === this.#topics.features) await this.#stepFeatures(batch, true, new Slices(this.#edge))
    else this.#stepLabels(batch, null)
    this.#deadLetters.capAfter(batch)
  }

  /** A flush lies between batches of every task: the place to change over to other references. */
  async prepareFlush(): Promise<void> {
    await new Slices(this.#edge).through(this.#state.entries.encode())
    await this.#references.refresh()
    const at = this.#labelPosition
    if (at === null) return
    // A silent topic holds nobody; behind its last label there may be nothing but a transaction's marker.
    const isSilent = this.#edge.clock.now() - this.#lastLabelAt > this.#options.stream.idleAfterMs
    const ends = isSilent ? [] : await this.#labelEnds.ask()
    this.#state.labelsBehind = ends.some(
      ({ partition, high }) => partition === at.partition && at.offset < high,
    )
  }

  take(ranges: readonly OffsetRange[]): readonly OutgoingRecord[] {
    const { entries, pairs, stream, flush } = takeEntries(this.#state)
    stream.deadLetters = this.#deadLetters.count
    this.#waiting = stream.waiting
    tallyFlush(this.#tally, entries, stream)
    this.#tally.take()
    this.#unknown.forget()
    this.#notes = joinNotes(this.#state, this.#options.stream, this.#topics, ranges)
    const now = this.#edge.clock.now()
    const sources = ranges.map((range) => ({ ...range, readUntil: this.#readUntilOf(range.topic) }))
    const whole = {
      task: this.#state.task,
      flush,
      sources,
      watermark: completeUntil(this.#state),
      idle: now - this.#lastFeatureAt > this.#options.stream.idleAfterMs,
      stream,
      entries,
      pairs,
    }
    const records = this.#samples(now)
    records.push(...deltaRecords(whole, this.#topics.sketches, this.#partitions.sketches, now))
    records.push(...this.#deadLetters.take())
    return records
  }

  note(topic: string): string {
    return topic === this.#topics.labels ? this.#notes!.labels : this.#notes!.features
  }

  flushed(): void {
    this.#tally.committed()
  }

  tell(set: SetMetric): void {
    const task = String(this.#state.task)
    set(METRICS.joinWaiting, { task }, this.#waiting)
    set(METRICS.joinOnDisk, { task }, countInStore(this.#state))
    set(METRICS.joinDiskBytes, { task }, this.#file?.bytes ?? 0)
    const completeMs = completeUntil(this.#state)
    if (Number.isFinite(completeMs)) set(METRICS.completeUntil, { task }, completeMs / 1_000)
  }

  #readUntilOf(topic: string): number {
    return topic === this.#topics.labels ? this.#state.labelWatermark : this.#state.watermark
  }

  /** Before the deltas of the same flush: what closes a pane must find its rows there. */
  #samples(now: number): OutgoingRecord[] {
    const { sketches } = this.#partitions
    const hasReference = (model: string, version: string) => this.#references.get(model, version) !== null
    const samples = this.#state.sampler.take(this.#state.task, hasReference)
    return sampleRecords(samples, this.#topics.sketches, sketches, now)
  }

  async #stepFeatures(batch: RecordBatch, counted: boolean, slices: Slices): Promise<void> {
    const extract = (record: LogRecord) => this.#extractors.features.extract(cheapestValue(record))
    const { records } = batch
    for (let index = 0; index < records.length; index++) {
      if (index % LOOKED_EVERY === 0 && slices.due) await slices.turnOrGiveUp()
      const record = records[index]!
      let event = this.#deadLetters.attempt(record, batch, extract)
      if (event === null) continue
      if (this.#unknown.note(event)) {
        await this.#unknown.lookUp(records.slice(index + 1), extract)
        // An extractor holds one event, and others were read since.
        event = extract(record)
      }
      const arrival = { offset: record.offset, timestamp: record.timestamp, counted }
      const rejection = observeFeature(this.#state, event, arrival, this.#context)
      if (rejection !== null) this.#deadLetters.add(record, batch, rejection)
    }
  }

  #stepLabels(batch: RecordBatch, rebuild: JoinRebuild | null): void {
    const extract = (record: LogRecord) => this.#extractors.labels.extract(cheapestValue(record))
    for (const record of batch.records) {
      const event = this.#deadLetters.attempt(record, batch, extract)
      if (event === null) continue
      const { offset, timestamp } = record
      const arrival =
        rebuild === null ? { offset, timestamp, counted: true } : readAgain(rebuild, record, event)
      if (arrival === null) continue
      const rejection = observeLabel(this.#state, event, arrival, this.#context)
      if (rejection !== null) this.#deadLetters.add(record, batch, rejection)
    }
  }
}
