import type { AppOptions } from '../../config/options.ts'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { AlertEvent } from '../../events/alert-event.ts'
import { type CloudEventType, decodeCloudEvent } from '../../events/cloud-event.ts'
import { deploymentEventType } from '../../events/deployment-event.ts'
import { driftEventType } from '../../events/drift-event.ts'
import { retrainRequestType } from '../../events/retrain-request.ts'
import type { LogRecord, OutgoingRecord, Position, RecordBatch, TopicPartition } from '../../log/port.ts'
import { METRICS } from '../../metrics/catalogue.ts'
import type { SetMetric } from '../../metrics/metrics.ts'
import type { Edge } from '../edge.ts'
import { unlessRefused } from '../read-events.ts'
import { Slices } from '../slices.ts'
import { restoredTask, type Task, type TaskProcess } from '../task.ts'
import type { PartitionCounts } from '../topics.ts'
import { alertOfDeployment, alertOfEpisode, alertOfRequest } from './alert-of.ts'
import { createSink } from './create-sink.ts'
import { Delivery } from './delivery.ts'
import { ToldEpisodes } from './told-episodes.ts'
import { isWanted } from './wanted.ts'

/** With so many alerts on their way a task reads no further. */
const UNDER_WAY_MAX = 100

/**
 * Drift events, retrain requests and deployments in, alerts out. Positions are committed once everything before
 * them is delivered or given up: an alert arrives at least once, and a repeat has the same id.
 * @throws CONFIG_INVALID without a sink, TOPIC_PARTITIONS_MISMATCH where the three topics are cut differently
 */
export async function openAlerter(
  options: AppOptions,
  partitions: PartitionCounts,
  edge: Edge,
): Promise<TaskProcess> {
  const { alerts = [] } = options
  const { driftEvents, retrainRequests, deployments } = options.topics.names
  if (alerts.length === 0) {
    throw new DriftstreamError(
      'CONFIG_INVALID',
      'alerts: expected at least one place to send alerts to, got none',
    )
  }
  if (partitions.driftEvents !== partitions.deployments) {
    const [one, two] = [partitions.driftEvents, partitions.deployments]
    throw new DriftstreamError(
      'TOPIC_PARTITIONS_MISMATCH',
      `topics.driftEvents: expected ${two} partitions as "${deployments}" has, "${driftEvents}" has ${one}: one task tells of a model`,
    )
  }
  const source = `/${options.group}/alerter`
  const deliveries = alerts.map((sink) => new Delivery(sink, createSink(sink, source, edge.logger), edge))
  return {
    name: 'alerter',
    group: `${options.group}.alerter`,
    topics: [driftEvents, retrainRequests, deployments],
    heartbeatMs: null,
    async openTask(_partition, committed, over) {
      const task = new AlertTask(options, edge, deliveries)
      return restoredTask(task, task.restore(committed, new Slices(edge, over)))
    },
    async close() {},
  }
}

class AlertTask implements Task {
  readonly pending = false
  readonly #options: AppOptions
  readonly #edge: Edge
  readonly #deliveries: readonly Delivery[]
  readonly #episodes = new ToldEpisodes()
  /** Deliveries of one sink go one after the other, those of several side by side. */
  readonly #last = new Map<Delivery, Promise<void>>()
  readonly #stop = new AbortController()
  #underWay = 0
  /** What a delivery threw although its failures are values: our bug, thrown again where it ends the process. */
  #crash: { readonly error: unknown } | null = null

  constructor(options: AppOptions, edge: Edge, deliveries: readonly Delivery[]) {
    this.#options = options
    this.#edge = edge
    this.#deliveries = deliveries
  }

  get busy(): boolean {
    return this.#underWay > 0
  }

  /** What is on its way has not arrived: a restart must read it again. */
  get holding(): boolean {
    return this.#underWay > 0
  }

  get paused(): boolean {
    return this.#underWay >= UNDER_WAY_MAX
  }

  /** Which episodes people know of, from the events that were told before. */
  async restore(committed: readonly Position[], slices: Slices): Promise<void> {
    const topic = this.#options.topics.names.driftEvents
    const lows = await this.#edge.log.offsets(topic)
    const ranges = committed
      .filter((position) => position.topic === topic)
      .map(({ partition, offset: to }) => {
        return { topic, partition, from: lows.find((one) => one.partition === partition)?.low ?? 0, to }
      })
      .filter(({ from, to }) => from < to)
    for await (const { records } of this.#edge.log.read(ranges)) {
      for (const { value, headers } of records) {
        const event = unlessRefused(() => decodeCloudEvent(driftEventType, value, headers))
        if (event !== null) this.#episodes.note(event)
        await slices.turnOrGiveUp()
      }
    }
  }

  fold(batch: RecordBatch): void {
    for (const record of batch.records) {
      const alert = this.#alertOf(record, batch)
      if (alert === null) continue
      const ageMs = this.#edge.clock.now() - record.timestamp
      for (const delivery of this.#deliveries) {
        if (isWanted(alert, delivery.options)) this.#hand(delivery, alert, ageMs)
      }
    }
  }

  tick(): void {
    if (this.#crash !== null) throw this.#crash.error
  }

  async prepareFlush(): Promise<void> {}

  take(): readonly OutgoingRecord[] {
    return []
  }

  tell(set: SetMetric): void {
    set(METRICS.alertsPending, {}, this.#underWay)
  }

  /** What has not arrived by now is read again by the next owner. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#last.values())
  }

  #alertOf(record: LogRecord, source: TopicPartition): AlertEvent | null {
    const { driftEvents, retrainRequests } = this.#options.topics.names
    if (source.topic === driftEvents) {
      const event = this.#decode(driftEventType, record, source)
      const state = event === null ? null : this.#episodes.note(event)
      return event === null || state === null ? null : alertOfEpisode(event, state)
    }
    if (source.topic === retrainRequests) {
      const request = this.#decode(retrainRequestType, record, source)
      return request === null ? null : alertOfRequest(request)
    }
    const deployment = this.#decode(deploymentEventType, record, source)
    return deployment === null ? null : alertOfDeployment(deployment)
  }

  /** Null for what is no such event: whoever acts on the topic has made a dead letter of it. */
  #decode<T>(
    type: CloudEventType<T>,
    { value, headers, offset }: LogRecord,
    source: TopicPartition,
  ): T | null {
    const event = unlessRefused(() => decodeCloudEvent(type, value, headers))
    if (event === null) {
      const { topic, partition } = source
      this.#edge.logger.warn(
        { topic, partition, offset },
        `expected ${type.type}: no alert comes of this record`,
      )
    }
    return event
  }

  #hand(delivery: Delivery, alert: AlertEvent, ageMs: number): void {
    const { signal } = this.#stop
    this.#underWay++
    const before = this.#last.get(delivery) ?? Promise.resolve()
    const done = before
      .then(() => (signal.aborted ? undefined : delivery.deliver(alert, ageMs, signal)))
      .then(
        () => {
          // What was cut off is still owed.
          if (!signal.aborted) this.#underWay--
        },
        (error: unknown) => {
          this.#crash = { error }
        },
      )
    this.#last.set(delivery, done)
  }
}
