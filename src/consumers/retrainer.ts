import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { decodeCloudEvent } from '../events/cloud-event.ts'
import { commandEventType } from '../events/command-event.ts'
import { comparisonEventType } from '../events/comparison-event.ts'
import { type DeploymentEvent, deploymentEventType, TERMINAL_STAGES } from '../events/deployment-event.ts'
import { retrainRequestType } from '../events/retrain-request.ts'
import type { LogRecord, OutgoingRecord, RecordBatch, TopicPartition } from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { SetMetric } from '../metrics/metrics.ts'
import { Tally } from '../metrics/tally.ts'
import { advanceRollout, type RolloutInput } from '../retraining/rollout.ts'
import type { CancelEffect } from '../retraining/rollout-result.ts'
import { initialRolloutState, type RolloutState } from '../retraining/rollout-state.ts'
import { createTrainer } from '../retraining/trainers/create-trainer.ts'
import { expectPredictors } from '../retraining/trainers/predictor.ts'
import { DeadLetters } from './dead-letters.ts'
import type { Edge } from './edge.ts'
import { FollowedTrainings } from './followed-trainings.ts'
import { jobDirectory, removeOnce } from './job-directory.ts'
import { receiveCallback } from './receive-callback.ts'
import { RolloutOutbox } from './rollout-outbox.ts'
import { Slices } from './slices.ts'
import { restoredTask, type Task, type TaskProcess } from './task.ts'
import { Tidying } from './tidying.ts'
import { ToldOf } from './told-of.ts'
import type { PartitionCounts } from './topics.ts'

/**
 * Retrain requests, commands and comparisons in, deployments and the references of promoted versions out.
 * @throws PREDICTOR_UNAVAILABLE when a model's predictor needs what is not installed
 */
export async function openRetrainer(
  options: AppOptions,
  partitions: PartitionCounts,
  edge: Edge,
): Promise<TaskProcess> {
  const { retrainRequests, commands, comparisons } = options.topics.names
  await expectPredictors(options.models.values())
  return {
    name: 'retrainer',
    group: `${options.group}.retrainer`,
    topics: [retrainRequests, commands, comparisons],
    heartbeatMs: null,
    async openTask(partition, _committed, over) {
      const task = new RetrainerTask(options, partitions, edge)
      return restoredTask(task, task.restore(partition, new Slices(edge, over)))
    },
    async close() {},
  }
}

class RetrainerTask implements Task {
  readonly paused = false
  readonly #options: AppOptions
  readonly #edge: Edge
  readonly #deadLetters: DeadLetters
  readonly #tally: Tally
  readonly #rollouts = new Map<string, RolloutState>()
  readonly #toldOf: ToldOf
  readonly #trainings: FollowedTrainings
  /** Cancelled jobs and files no longer needed: a clean end waits for them. */
  readonly #tidying: Tidying
  /** Called once the log holds what was handed out before: first those not yet in a transaction. */
  #onceWritten: (() => void)[] = []
  #onceCommitted: (() => void)[] = []
  readonly #outbox: RolloutOutbox

  constructor(options: AppOptions, partitions: PartitionCounts, edge: Edge) {
    this.#options = options
    this.#edge = edge
    this.#toldOf = new ToldOf(options.stream, edge.clock.now())
    this.#trainings = new FollowedTrainings(options, edge)
    this.#tidying = new Tidying(edge.logger)
    this.#outbox = new RolloutOutbox(options, partitions, edge)
    const deadLetters = { topic: options.topics.names.deadLetters, partitions: partitions.deadLetters }
    this.#tally = new Tally(edge.metrics)
    this.#deadLetters = new DeadLetters(
      { ...deadLetters, stage: 'retrainer', options: options.deadLetters },
      edge,
      this.#tally,
    )
  }

  get pending(): boolean {
    return this.urgent || this.#deadLetters.count > 0
  }

  get urgent(): boolean {
    return !this.#outbox.isEmpty
  }

  get busy(): boolean {
    return this.#trainings.count > 0 || this.#tidying.busy
  }

  /** The deployments topic is the state: read it whole, then go on with what was under way. */
  async restore(partition: number, slices: Slices): Promise<void> {
    const topic = this.#options.topics.names.deployments
    const own = (await this.#edge.log.offsets(topic)).filter((at) => at.partition === partition)
    const ranges = own.map(({ low: from, high: to }) => ({ topic, partition, from, to }))
    for await (const batch of this.#edge.log.read(ranges)) {
      for (const record of batch.records) {
        const event = this.#deadLetters.attempt(record, batch, ({ value, headers }) =>
          decodeCloudEvent(deploymentEventType, value, headers),
        )
        const model = event && this.#options.models.get(event.model)
        if (event && model) this.#advance(model, { kind: 'deployment', event })
        await slices.turnOrGiveUp()
      }
    }
    // The detector reads the same topic and has passed on what is no deployment.
    this.#deadLetters.open()
    this.#tally.drop()
    for (const name of this.#rollouts.keys()) {
      this.#advance(this.#options.models.get(name)!, { kind: 'resume' })
    }
  }

  async fold(batch: RecordBatch): Promise<void> {
    const { commands, comparisons } = this.#options.topics.names
    for (const record of batch.records) {
      if (batch.topic === commands) await this.#foldCommand(record, batch)
      else if (batch.topic === comparisons) this.#foldComparison(record, batch)
      else this.#foldRequest(record, batch)
    }
  }

  /** Each tells of its whole stage: what was missed is in the next, and what is over changes nothing. */
  #foldComparison(record: LogRecord, source: TopicPartition): void {
    const comparison = this.#deadLetters.attempt(record, source, () =>
      decodeCloudEvent(comparisonEventType, record.value, record.headers),
    )
    const model = comparison === null ? undefined : this.#options.models.get(comparison.model)
    if (comparison === null || model === undefined) return
    this.#toldOf.compared(comparison, this.#edge.clock.now())
    this.#advance(model, { kind: 'compared', comparison })
  }

  #foldRequest(record: LogRecord, source: TopicPartition): void {
    const request = this.#deadLetters.attempt(record, source, () =>
      decodeCloudEvent(retrainRequestType, record.value, record.headers),
    )
    if (request === null) return
    const model = this.#options.models.get(request.model)
    if (model?.trainer == null) {
      const text = 'no trainer is configured for this model: the request is left to other subscribers'
      this.#edge.logger.info({ model: request.model, request: request.id }, text)
      return
    }
    const streamAt = this.#toldOf.requested(request, record.timestamp, this.#edge.clock.now())
    this.#advance(model, { kind: 'request', request, streamAt })
  }

  async #foldCommand(record: LogRecord, source: TopicPartition): Promise<void> {
    const command = this.#deadLetters.attempt(record, source, () =>
      decodeCloudEvent(commandEventType, record.value, record.headers),
    )
    const model = command === null ? undefined : this.#options.models.get(command.model)
    if (command === null || model === undefined) return
    const current = this.#rollouts.get(model.name)?.current
    if (command.kind === 'training-result') {
      if (current?.requestId !== command.requestId) return
      const call = () => receiveCallback(record, command, model, current, this.#options)
      const isFirst = await this.#deadLetters.attemptLater(record, source, call)
      if (isFirst === false)
        this.#edge.logger.info({ request: current.requestId }, 'called back before: ignored')
      return
    }
    this.#advance(model, { kind: 'command', command })
  }

  tick(): void {
    for (const { model, input, reference, recorded } of this.#trainings.takeNews()) {
      if (recorded !== null) this.#onceWritten.push(recorded)
      // Before the promotion and in its transaction: whoever sees the version finds its reference.
      if (reference !== null) this.#outbox.addReference(reference)
      this.#advance(model, input)
    }
    const now = this.#edge.clock.now()
    for (const [name, { current }] of this.#rollouts) {
      if (current === null) continue
      const stalled = this.#toldOf.isStalled(name, current.since, now)
      this.#advance(this.#options.models.get(name)!, { kind: 'tick', stalled })
    }
  }

  prepareFlush(): Promise<void> {
    return this.#outbox.prepare()
  }

  take(): readonly OutgoingRecord[] {
    const taken = [...this.#outbox.take(), ...this.#deadLetters.take()]
    this.#onceCommitted.push(...this.#onceWritten.splice(0))
    this.#tally.take()
    return taken
  }

  flushed(): void {
    this.#tally.committed()
    for (const call of this.#onceCommitted.splice(0)) call()
  }

  tell(set: SetMetric): void {
    set(METRICS.trainingsRunning, {}, this.#trainings.count)
    for (const [model, { current }] of this.#rollouts) {
      if (current !== null) set(METRICS.rolloutStage, { model, stage: current.stage }, 1)
    }
  }

  async close(): Promise<void> {
    await this.#trainings.leave()
    await this.#tidying.done()
  }

  #advance(model: ConfiguredModel, input: RolloutInput): void {
    const state = this.#rollouts.get(model.name) ?? initialRolloutState(model.name, model.version)
    const result = advanceRollout(state, input, this.#edge.clock.now(), model.approval, model.rollout)
    this.#rollouts.set(model.name, result.state)
    for (const event of result.events) this.#publish(event)
    for (const effect of result.effects) {
      if (effect.kind === 'train') this.#trainings.follow(effect, model)
      else this.#cancel(model, effect)
    }
  }

  #publish(event: DeploymentEvent): void {
    this.#outbox.addDeployment(event)
    const { model, requestId, stage, fromVersion, toVersion } = event
    this.#edge.logger.info({ model, request: requestId, stage, fromVersion, toVersion }, event.reason)
    if (TERMINAL_STAGES.has(stage)) this.#tally.add(METRICS.trainings, { model, stage })
    if (!TERMINAL_STAGES.has(stage) || stage === 'refused') return
    // Rows and predictions have served, once the log says so.
    const directory = jobDirectory(this.#options.artifacts, model, toVersion, requestId)
    const following = this.#trainings.doneOf(requestId)
    this.#onceWritten.push(() => this.#tidying.track(removeOnce(directory, following)))
  }

  #cancel(model: ConfiguredModel, { requestId, job }: CancelEffect): void {
    if (this.#trainings.cancel(requestId)) return
    if (job !== null && model.trainer !== null) this.#tidying.track(createTrainer(model.trainer).cancel(job))
  }
}
