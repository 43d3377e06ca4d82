import { setTimeout as sleep } from 'node:timers/promises'
import { type CloudEventType, decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type ComparisonEvent, comparisonEventType } from '../../src/events/comparison-event.ts'
import {
  type DeploymentEvent,
  deploymentEventType,
  TERMINAL_STAGES,
} from '../../src/events/deployment-event.ts'
import { referenceEventType } from '../../src/events/reference-event.ts'
import { type RetrainRequest, retrainRequestExample } from '../../src/events/retrain-request.ts'
import type { LogRecord } from '../../src/log/port.ts'
import { retrainRequestRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'
import type { Field } from './field.ts'
import { VERSION } from './stream.ts'

export const MINUTE_MS = 60_000
const LOOK_MS = 100
const END_MAX_MS = 120_000
const START_MS = Date.UTC(2026, 0, 5)

/** Minutes of the world that are written before a request, and from which one on it has turned. */
export const MINUTES = 50
const TURNS_AT = 15
const EVENTS_PER_MINUTE = 60

/** Requests on the field of a retrainer, and what the log says of them. */
export class Rollouts {
  readonly requests = new Map<string, RetrainRequest>()
  readonly #field: Field
  readonly #seed: number

  constructor(field: Field, seed: number) {
    this.#field = field
    this.#seed = seed
  }

  /** The world of every model, the same events in each, from a time on. */
  world(startMs = START_MS): SmallWorld {
    return { startMs, turnsAtMinute: TURNS_AT, eventsPerMinute: EVENTS_PER_MINUTE, seed: this.#seed }
  }

  /** Writes what a model has seen, and returns a request to learn from the part of it behind the turn. */
  async prepare(model: string, startMs = START_MS): Promise<RetrainRequest> {
    const { features, labels, producer } = this.#field
    const world = this.world(startMs)
    const from = await this.#ends()
    for (let minute = 0; minute < MINUTES; minute++) {
      const events = minuteOf(world, minute)
      await producer.send([
        ...events.map((event) => featureRecord({ ...featureEventOf(event, VERSION), model }, features)),
        ...events.map((event) => labelRecord({ ...labelEventOf(event), model }, labels)),
      ])
    }
    const to = await this.#ends()
    const range = { fromMs: startMs + TURNS_AT * MINUTE_MS, toMs: startMs + MINUTES * MINUTE_MS }
    const offsets = to.map((end, index) => ({ ...end, from: from[index]!.to, to: end.to }))
    const request: RetrainRequest = {
      ...retrainRequestExample,
      id: `request-${model}`,
      model,
      version: VERSION,
      at: range.toMs + MINUTE_MS,
      deadlineAt: null,
      trigger: { ...retrainRequestExample.trigger, reason: 'the world has turned' },
      window: range,
      trainingRange: { ...range, basis: 'since-change', offsets },
    }
    this.requests.set(request.id, request)
    return request
  }

  async ask(request: RetrainRequest): Promise<void> {
    const { names, options, producer } = this.#field
    const to = { topic: names.retrainRequests, partitions: options.partitions }
    await producer.send([retrainRequestRecord(request, to, { source: '/chaos', now: request.at })])
  }

  /** Everything committed of one request, in its order. */
  async of({ id }: RetrainRequest): Promise<DeploymentEvent[]> {
    const events = await this.#events(this.#field.names.deployments, deploymentEventType)
    return events.filter(({ requestId }) => requestId === id)
  }

  /** What the detector has told of its candidate, in its order. */
  async comparisons({ id }: RetrainRequest): Promise<ComparisonEvent[]> {
    const events = await this.#events(this.#field.names.comparisons, comparisonEventType)
    return events.filter(({ requestId }) => requestId === id)
  }

  /** Resolves when the log has it at the stage, or past its end. */
  async reached(
    request: RetrainRequest,
    stage: DeploymentEvent['stage'] | 'end',
  ): Promise<DeploymentEvent[]> {
    const startedAt = performance.now()
    for (;;) {
      const events = await this.of(request)
      const last = events.at(-1)?.stage
      if (last !== undefined && (last === stage || TERMINAL_STAGES.has(last))) return events
      if (performance.now() - startedAt > END_MAX_MS) {
        const said = this.#field.workers.at(-1)!.tail()
        throw new Error(`${request.id}: expected ${stage}, it is at ${last}; its process said\n${said}`)
      }
      await sleep(LOOK_MS)
    }
  }

  /** How many references of candidates there are, by model. */
  async references(): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    for (const { value, headers } of await this.#records(this.#field.names.references)) {
      const { model, version } = decodeCloudEvent(referenceEventType, value, headers)
      if (version !== VERSION) found.set(model, (found.get(model) ?? 0) + 1)
    }
    return found
  }

  async #events<T>(topic: string, type: CloudEventType<T>): Promise<T[]> {
    return (await this.#records(topic)).map(({ value, headers }) => decodeCloudEvent(type, value, headers))
  }

  async #records(topic: string): Promise<LogRecord[]> {
    const found: LogRecord[] = []
    const ends = await this.#field.log.offsets(topic)
    const ranges = ends.map(({ partition, low, high }) => ({ topic, partition, from: low, to: high }))
    for await (const { records } of this.#field.log.read(ranges)) found.push(...records)
    return found
  }

  async #ends(): Promise<{ topic: string; partition: number; to: number }[]> {
    const { log, names } = this.#field
    const all = await Promise.all(
      [names.features, names.labels].map(async (topic) =>
        (await log.offsets(topic)).map(({ partition, high }) => ({ topic, partition, to: high })),
      ),
    )
    return all.flat()
  }
}
