import type { Logger } from 'pino'
import type { AppOptions, TopicNames } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { decodeCloudEvent } from '../events/cloud-event.ts'
import { commandEventType } from '../events/command-event.ts'
import { deploymentEventType } from '../events/deployment-event.ts'
import { referenceEventType } from '../events/reference-event.ts'
import type {
  LogRecord,
  OffsetRange,
  OutgoingRecord,
  Position,
  RecordBatch,
  TopicPartition,
} from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { SetMetric } from '../metrics/metrics.ts'
import { Tally } from '../metrics/tally.ts'
import {
  comparisonRecord,
  driftRecord,
  healthRecord,
  referenceRecord,
  retrainRequestRecord,
  triggerStatusRecord,
} from '../producers/control-events.ts'
import { decodeDelta } from '../sketches/delta-codec.ts'
import { referenceFitness } from '../sketches/reference-fitness.ts'
import { decodeReferenceSample, isReferenceSample } from '../sketches/reference-sample-codec.ts'
import { fromReferenceEvent, toReferenceEvent } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'
import {
  detectDeltaInParts,
  detectDeployment,
  detectReference,
  detectSample,
  detectWish,
} from '../steps/detect.ts'
import {
  createDetectState,
  type DetectContext,
  type DetectOutput,
  type DetectState,
  NOTHING,
} from '../steps/detect-state.ts'
import { tellTriggers } from '../steps/trigger-status.ts'
import { DeadLetters } from './dead-letters.ts'
import { type ToldState, tallyDetected, tellDetector, toldOf } from './detector-metrics.ts'
import { DetectorSnapshots } from './detector-snapshots.ts'
import type { Edge } from './edge.ts'
import { RestoreProgress } from './restore-progress.ts'
import { Slices } from './slices.ts'
import { restoredTask, type Task, type TaskProcess } from './task.ts'
import { readInTimeOrder } from './time-order.ts'
import type { PartitionCounts } from './topics.ts'

/** Sketches, references, deployments and commands in; drift events, retrain requests and learned references out. */
export async function openDetector(
  options: AppOptions,
  partitions: PartitionCounts,
  edge: Edge,
): Promise<TaskProcess> {
  const { sketches, references, deployments, commands } = options.topics.names
  return {
    name: 'detector',
    group: `${options.group}.detector`,
    topics: [sketches, references, deployments, commands],
    heartbeatMs: null,
    async openTask(partition, committed, over) {
      const task = new DetectorTask(partition, options, partitions, edge)
      return restoredTask(task, task.restore(committed, new Slices(edge, over)))
    },
    async close() {},
  }
}

class DetectorTask implements Task {
  readonly busy = false
  readonly paused = false
  /** One of all detectors tells of the stream itself, which every one of them reads. */
  readonly #tellsHealth: boolean
  readonly #topics: TopicNames
  readonly #partitions: PartitionCounts
  readonly #source: string
  readonly #edge: Edge
  readonly #context: DetectContext
  /** Silent while the past is decided again: it was told when it happened. */
  #logger: Logger
  readonly #task: number
  readonly #deadLetters: DeadLetters
  readonly #tally: Tally
  readonly #snapshots: DetectorSnapshots
  #state: DetectState = createDetectState()
  /** What may be told while a pane is being judged: as it was before. */
  #told: ToldState | null = null
  #outgoing: OutgoingRecord[] = []

  constructor(partition: number, options: AppOptions, partitions: PartitionCounts, edge: Edge) {
    this.#task = partition
    this.#tellsHealth = partition === 0
    this.#topics = options.topics.names
    this.#partitions = partitions
    this.#source = `/${options.group}/detector`
    this.#edge = edge
    this.#logger = edge.logger
    const deadLetters = { topic: this.#topics.deadLetters, partitions: partitions.deadLetters }
    this.#tally = new Tally(edge.metrics)
    this.#deadLetters = new DeadLetters(
      { ...deadLetters, stage: 'detector', options: options.deadLetters },
      edge,
      this.#tally,
    )
    this.#context = { stream: options.stream, models: options.models, taskCount: partitions.features }
    const snapshots = { topic: this.#topics.snapshots, partition }
    this.#snapshots = new DetectorSnapshots(edge, snapshots, this.#context)
  }

  get pending(): boolean {
    return this.urgent || this.#deadLetters.count > 0
  }

  get urgent(): boolean {
    return this.#outgoing.length > 0
  }

  tick(): void {}

  async close(): Promise<void> {}

  /**
   * Panes, episodes and trigger memory as they were: the newest snapshot, and what was committed behind it,
   * or all there is. In log-time order across all topics, so that a promotion takes effect where it
   * did. What is decided again was published then and is dropped now.
   * @throws the reason of the slices' signal, soon after it is aborted
   */
  async restore(committed: readonly Position[], slices: Slices): Promise<void> {
    const restored = await this.#snapshots.restore(committed, slices)
    if (restored !== null) this.#state = restored.state
    const ranges = await this.#rangesBehind(restored?.positions ?? [], committed)
    const progress = new RestoreProgress(this.#edge, this.#task, ranges, restored !== null)
    this.#logger = this.#edge.logger.child({}, { level: 'silent' })
    for await (const { record, source } of readInTimeOrder(this.#edge.log, ranges)) {
      await this.#step(record, source, slices)
      // What is said again of the past is said to nobody.
      this.#outgoing = []
      this.#tally.drop()
      progress.note(record, source)
      await slices.turnOrGiveUp()
    }
    this.#logger = this.#edge.logger
    this.#deadLetters.open()
    progress.end()
  }

  /** From the known positions, or from the first record still there, to what is committed. */
  async #rangesBehind(known: readonly Position[], committed: readonly Position[]): Promise<OffsetRange[]> {
    // What a sketch led us to publish bears its time: of the two the sketch came first.
    const { sketches, references, deployments, commands } = this.#topics
    const topics = [sketches, references, deployments, commands]
    const ranges: OffsetRange[] = []
    for (const topic of topics) {
      const lows = await this.#edge.log.offsets(topic)
      for (const { partition, offset: to } of committed.filter((position) => position.topic === topic)) {
        const low = lows.find((one) => one.partition === partition)?.low ?? 0
        const after = known.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0
        const from = Math.max(low, after)
        if (from < to) ranges.push({ topic, partition, from, to })
      }
    }
    return ranges
  }

  async fold(batch: RecordBatch): Promise<void> {
    const slices = new Slices(this.#edge)
    for (const record of batch.records) {
      await this.#step(record, batch, slices)
      if (slices.due) await slices.turn()
    }
  }

  async prepareFlush(): Promise<void> {
    await this.#snapshots.prepare(this.#state)
  }

  take(ranges: readonly OffsetRange[]): readonly OutgoingRecord[] {
    const snapshot = this.#snapshots.take(ranges)
    if (snapshot.length > 0) this.#tally.add(METRICS.snapshots, {})
    const taken = [...this.#outgoing, ...this.#deadLetters.take(), ...snapshot]
    this.#outgoing = []
    this.#tally.take()
    return taken
  }

  flushed(): void {
    this.#tally.committed()
  }

  tell(set: SetMetric): void {
    tellDetector(set, this.#told ?? this.#state)
    this.#snapshots.tell(set)
  }

  async #step(record: LogRecord, source: TopicPartition, slices: Slices): Promise<void> {
    this.#snapshots.noteRead(record)
    const output = await this.#deadLetters.attemptLater(record, source, () =>
      this.#detect(record, source.topic, slices),
    )
    if (output === null) return
    const isDelta = source.topic === this.#topics.sketches && !isReferenceSample(record.value!)
    tallyDetected(this.#tally, output, this.#task, isDelta)
    this.#emit(output, record.timestamp)
  }

  async #detect(record: LogRecord, topic: string, slices: Slices): Promise<DetectOutput> {
    const { references, deployments, commands } = this.#topics
    if (topic === references) {
      const event = decodeCloudEvent(referenceEventType, record.value, record.headers)
      const reference = fromReferenceEvent(event)
      this.#logFitness(reference)
      return detectReference(this.#state, reference, this.#context)
    }
    if (topic === deployments) {
      const event = decodeCloudEvent(deploymentEventType, record.value, record.headers)
      return detectDeployment(this.#state, event, this.#context)
    }
    if (topic === commands) {
      const command = decodeCloudEvent(commandEventType, record.value, record.headers)
      // The others are for the retrainer.
      return command.kind === 'manual' ? detectWish(this.#state, command, this.#context) : NOTHING
    }
    if (record.value === null) throw new DriftstreamError('DELTA_UNDECODABLE', 'expected a delta, got null')
    if (isReferenceSample(record.value)) {
      return detectSample(this.#state, decodeReferenceSample(record.value), this.#context)
    }
    const detecting = detectDeltaInParts(this.#state, decodeDelta(record.value), this.#context)
    try {
      return await slices.through(detecting, (stop) => {
        if (stop === 'pane') this.#told = toldOf(this.#state)
      })
    } finally {
      this.#told = null
    }
  }

  #logFitness(reference: Reference): void {
    const { model, version, id, stage } = reference
    const faults = referenceFitness(reference).filter(({ severity }) => severity !== 'note')
    if (faults.length === 0 || !this.#context.models.has(model)) return
    const told = { model, version, reference: id, stage: stage ?? 'ready', faults }
    this.#logger.warn(told, `a poor measure: ${faults.map(({ message }) => message).join('; ')}`)
  }

  /** Outputs carry the log time of the record that caused them: a replay writes the same bytes. */
  #emit(output: DetectOutput, now: number): void {
    const stamp = { source: this.#source, now }
    const { driftEvents, retrainRequests, references, comparisons } = this.#topics
    for (const event of output.drift) {
      const to = { topic: driftEvents, partitions: this.#partitions.driftEvents }
      this.#outgoing.push(driftRecord(event, to, stamp))
      this.#logger.info(
        { model: event.model, episode: event.episodeId, state: event.state, diagnosis: event.diagnosis },
        event.summary,
      )
    }
    for (const request of output.requests) {
      const to = { topic: retrainRequests, partitions: this.#partitions.retrainRequests }
      this.#outgoing.push(retrainRequestRecord(request, to, stamp))
      this.#logger.info({ model: request.model, request: request.id }, request.trigger.reason)
    }
    for (const reference of output.references) {
      const to = { topic: references, partitions: this.#partitions.references }
      this.#outgoing.push(referenceRecord(toReferenceEvent(reference), to, stamp))
      const { model, version, id, stage, m } = reference
      this.#logger.info({ model, version, reference: id, stage, m }, 'reference learned from the stream')
    }
    for (const comparison of output.comparisons) {
      const to = { topic: comparisons, partitions: this.#partitions.comparisons }
      this.#outgoing.push(comparisonRecord(comparison, to, stamp))
    }
    if (output.health !== null && this.#tellsHealth) {
      this.#outgoing.push(healthRecord(output.health, this.#topics.health, stamp))
    }
    if (output.panes > 0) {
      const to = { topic: this.#topics.health, partitions: this.#partitions.health }
      for (const event of tellTriggers(this.#state, this.#task)) {
        this.#outgoing.push(triggerStatusRecord(event, to, stamp))
      }
    }
    for (const gap of output.gaps) {
      this.#logger.error({ ...gap }, 'source offsets are missing between two deltas: counts are incomplete')
    }
    for (const { reason, ...pane } of output.dropped) {
      if (reason === 'misfit') this.#logger.warn(pane, 'counts do not fit the reference they name: dropped')
      else this.#logger.info(pane, 'counts came after every window had left their pane behind: dropped')
    }
    if (output.overlap) this.#logger.warn('a delta covers offsets merged before: dropped')
  }
}
