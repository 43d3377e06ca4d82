import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { decodeCloudEvent } from '../events/cloud-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../events/deployment-event.ts'
import { retrainRequestType } from '../events/retrain-request.ts'
import type { OutgoingRecord, RecordBatch } from '../log/port.ts'
import { deploymentRecord, referenceRecord } from '../producers/control-events.ts'
import {
  advanceRollout,
  initialRolloutState,
  type RolloutInput,
  type RolloutState,
  type TrainEffect,
} from '../retraining/rollout.ts'
import { createCommandTrainer } from '../retraining/trainers/command.ts'
import { toReferenceEvent } from '../sketches/reference-wire.ts'
import { DeadLetters } from './dead-letters.ts'
import type { Edge } from './edge.ts'
import type { Task, TaskProcess } from './task.ts'
import type { PartitionCounts } from './topics.ts'
import { type Candidate, trainCandidate } from './train-candidate.ts'

/** Retrain requests in, deployments and the references of promoted versions out. */
export async function openRetrainer(
  options: AppOptions,
  partitions: PartitionCounts,
  edge: Edge,
): Promise<TaskProcess> {
  return {
    name: 'retrainer',
    group: `${options.group}.retrainer`,
    topics: [options.topics.names.retrainRequests],
    heartbeatMs: null,
    async openTask(partition) {
      const task = new RetrainerTask(options, partitions, edge)
      await task.restore(partition)
      return task
    },
    async close() {},
  }
}

interface Job {
  readonly stop: AbortController
  readonly done: Promise<void>
}

class RetrainerTask implements Task {
  readonly paused = false
  readonly #options: AppOptions
  readonly #partitions: PartitionCounts
  readonly #edge: Edge
  readonly #source: string
  readonly #deadLetters: DeadLetters
  readonly #rollouts = new Map<string, RolloutState>()
  readonly #jobs = new Map<string, Job>()
  /** Jobs that ended since the last turn of the loop. */
  readonly #ended: { model: ConfiguredModel; candidate: Candidate }[] = []
  #outgoing: OutgoingRecord[] = []
  /** What a job threw although its failures are values: our bug, thrown again where it ends the process. */
  #crash: { readonly error: unknown } | null = null

  constructor(options: AppOptions, partitions: PartitionCounts, edge: Edge) {
    this.#options = options
    this.#partitions = partitions
    this.#edge = edge
    this.#source = `/${options.group}/retrainer`
    const deadLetters = { topic: options.topics.names.deadLetters, partitions: partitions.deadLetters }
    this.#deadLetters = new DeadLetters(
      { ...deadLetters, stage: 'retrainer', options: options.deadLetters },
      edge,
    )
  }

  get pending(): boolean {
    return this.#outgoing.length > 0 || this.#deadLetters.count > 0
  }

  get busy(): boolean {
    return this.#jobs.size > 0
  }

  /** The deployments topic is the state: read it whole, then go on with what was under way. */
  async restore(partition: number): Promise<void> {
    const topic = this.#options.topics.names.deployments
    const offsets = (await this.#edge.log.offsets(topic)).find((at) => at.partition === partition)
    if (offsets === undefined) return
    const range = { topic, partition, from: offsets.low, to: offsets.high }
    for await (const batch of this.#edge.log.read([range])) {
      for (const record of batch.records) {
        const event = this.#deadLetters.attempt(record, batch, () =>
          decodeCloudEvent(deploymentEventType, record.value, record.headers),
        )
        const model = event === null ? undefined : this.#options.models.get(event.model)
        if (event !== null && model !== undefined) this.#advance(model, { kind: 'deployment', event })
      }
    }
    // The detector reads the same topic and has passed on what is no deployment.
    this.#deadLetters.take()
    for (const name of this.#rollouts.keys()) {
      this.#advance(this.#options.models.get(name)!, { kind: 'resume' })
    }
  }

  fold(batch: RecordBatch): void {
    for (const record of batch.records) {
      const request = this.#deadLetters.attempt(record, batch, () =>
        decodeCloudEvent(retrainRequestType, record.value, record.headers),
      )
      if (request === null) continue
      const model = this.#options.models.get(request.model)
      if (model?.trainer == null) {
        const text = 'no trainer is configured for this model: the request is left to other subscribers'
        this.#edge.logger.info({ model: request.model, request: request.id }, text)
        continue
      }
      this.#advance(model, { kind: 'request', request })
    }
  }

  tick(): void {
    if (this.#crash !== null) throw this.#crash.error
    for (const { model, candidate } of this.#ended.splice(0)) {
      this.#jobs.delete(model.name)
      if (candidate.kind === 'judged' && candidate.reference !== null) {
        const to = { topic: this.#options.topics.names.references, partitions: this.#partitions.references }
        const event = { ...toReferenceEvent(candidate.reference), source: 'training' as const }
        // Before the promotion and in its transaction: whoever sees the version finds its reference.
        this.#outgoing.push(referenceRecord(event, to, this.#stamp()))
      }
      this.#advance(model, candidate)
    }
  }

  async prepareFlush(): Promise<void> {}

  take(): readonly OutgoingRecord[] {
    const taken = [...this.#outgoing, ...this.#deadLetters.take()]
    this.#outgoing = []
    return taken
  }

  async close(): Promise<void> {
    for (const { stop } of this.#jobs.values()) stop.abort()
    await Promise.all([...this.#jobs.values()].map(({ done }) => done))
  }

  #advance(model: ConfiguredModel, input: RolloutInput): void {
    const state = this.#rollouts.get(model.name) ?? initialRolloutState(model.name, model.version)
    const result = advanceRollout(state, input, this.#edge.clock.now())
    this.#rollouts.set(model.name, result.state)
    for (const event of result.events) this.#publish(event)
    for (const effect of result.effects) this.#start(model, effect)
  }

  #publish(event: DeploymentEvent): void {
    const to = { topic: this.#options.topics.names.deployments, partitions: this.#partitions.deployments }
    this.#outgoing.push(deploymentRecord(event, to, this.#stamp()))
    const { model, requestId, stage, fromVersion, toVersion } = event
    this.#edge.logger.info({ model, request: requestId, stage, fromVersion, toVersion }, event.reason)
  }

  #start(model: ConfiguredModel, effect: TrainEffect): void {
    if (model.trainer === null) return
    const trainer = createCommandTrainer(model.trainer)
    const stop = new AbortController()
    const done = trainCandidate(effect, model, trainer, this.#options, this.#edge, stop.signal).then(
      (candidate) => {
        if (!stop.signal.aborted) this.#ended.push({ model, candidate })
      },
      (error: unknown) => {
        this.#crash = { error }
      },
    )
    this.#jobs.set(model.name, { stop, done })
  }

  #stamp() {
    return { source: this.#source, now: this.#edge.clock.now() }
  }
}
