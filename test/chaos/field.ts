import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { topicSpecs } from '../../src/consumers/topics.ts'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, OutgoingRecord, Producer } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import type { Reference } from '../../src/sketches/types.ts'
import { topicNames } from '../support/topic-names.ts'
import type { Cluster } from './cluster.ts'
import { readCommitted } from './committed.ts'
import { configuration, type FieldOptions } from './configuration.ts'
import { Recount } from './recount.ts'
import { eventOf, featureOf, labelOf, referenceOf, type StreamPlan } from './stream.ts'
import { judge, type Verdict } from './verdict.ts'
import { type Command, Worker } from './worker.ts'

const SEND_EVENTS = 5_000
const LOOK_MS = 50
const SENDS_MAX = 10

let fields = 0

/**
 * Where one scenario is played: topics of its own, the events in them with their oracle, and the processes
 * that count them.
 */
export class Field {
  readonly options: FieldOptions
  readonly plan: StreamPlan
  readonly names: ReturnType<typeof topicNames>
  readonly oracle: Recount
  readonly log: Log
  readonly producer: Producer
  readonly workers: Worker[] = []
  readonly references: ReadonlyMap<string, Reference>
  /** Gone when the field is closed. */
  readonly directory: string
  readonly #config: string
  #produced = 0
  #sentAgain = 0

  private constructor(
    options: FieldOptions,
    plan: StreamPlan,
    references: ReadonlyMap<string, Reference>,
    log: Log,
    producer: Producer,
    directory: string,
  ) {
    this.options = options
    this.plan = plan
    this.names = topicNames(`${options.name}.`)
    this.references = references
    this.oracle = new Recount(references)
    this.log = log
    this.producer = producer
    this.directory = directory
    this.#config = join(directory, 'driftstream.yaml')
  }

  static async open(
    cluster: Cluster,
    plan: StreamPlan,
    wanted: Partial<FieldOptions> & Pick<FieldOptions, 'name'>,
  ): Promise<Field> {
    fields += 1
    const options: FieldOptions = {
      partitions: 4,
      flushInterval: '100ms',
      flushEvents: 750,
      sessionTimeout: '6s',
      transactionTimeout: '10s',
      outageMax: '5m',
      labelWait: '30m',
      topicSettings: {},
      schemaRegistry: null,
      frame: null,
      triggers: '{ trigger: { kind: performance }, cooldown: 60m, minimumSample: 1500 }',
      retraining: null,
      ...wanted,
      models: plan.models,
      brokers: cluster.proxied,
      name: `${wanted.name}-${process.pid}-${Date.now().toString(36)}-${fields}`,
    }
    const directory = await mkdtemp(join(tmpdir(), 'driftstream-chaos-'))
    const log = await openKafkaLog({
      brokers: cluster.direct,
      clientId: 'checker',
      connectTimeoutMs: 30_000,
    })
    const references = new Map(plan.models.map((model) => [model, referenceOf(plan, model)]))
    const producer = await log.openProducer()
    const field = new Field(options, plan, references, log, producer, directory)
    await writeFile(field.#config, configuration(options, directory))
    const replicas = cluster.brokers === 3 ? 3 : 1
    const specs = topicSpecs(field.names, options.partitions, replicas, true)
    await log.createTopics(
      specs.map((spec) => ({ ...spec, settings: { ...spec.settings, ...options.topicSettings } })),
    )
    const to = { topic: field.names.references, partitions: options.partitions }
    const stamp = { source: '/chaos', now: eventOf(plan, 0).at }
    const published = [...references.values()].map((one) => referenceRecord(toReferenceEvent(one), to, stamp))
    await producer.send(published)
    return field
  }

  /** How many events have been written, or are being written. */
  get produced(): number {
    return this.#produced
  }

  /** Records that no broker had confirmed, and which may be in the log twice. */
  get sentAgain(): number {
    return this.#sentAgain
  }

  get group(): string {
    return `${this.options.name}.observer`
  }

  get features() {
    return { topic: this.names.features, partitions: this.options.partitions }
  }

  get labels() {
    return { topic: this.names.labels, partitions: this.options.partitions }
  }

  /** Starts a process that is killed, at the latest, when the field is closed. */
  start(
    command: Command,
    env: Readonly<Record<string, string>> = {},
    nodeOptions: readonly string[] = [],
  ): Worker {
    const name = `${command}-${this.workers.length + 1}`
    const worker = new Worker(command, this.#config, name, env, nodeOptions)
    this.workers.push(worker)
    return worker
  }

  /** The next events, on the features topic and in the oracle; with a label each, or all but every so manieth. */
  async produce(count: number, labels: { delayMs: number; neverEvery: number } | null = null): Promise<void> {
    for (let left = count; left > 0; ) {
      const chunk = Math.min(left, SEND_EVENTS)
      const records: OutgoingRecord[] = []
      for (let i = 0; i < chunk; i++) {
        const event = eventOf(this.plan, this.#produced++)
        const record = this.#framed(featureOf(event, this.features))
        records.push(record)
        this.oracle.addFeature(event, record.partition)
        if (labels === null || event.number % labels.neverEvery === 0) continue
        records.push(labelOf(event, this.labels, labels.delayMs))
        this.oracle.addLabel(event)
      }
      await this.#send(records)
      left -= chunk
    }
  }

  /** Like any producer that is not sure: again, until it is confirmed. What was there already is a repeat. */
  async #send(records: readonly OutgoingRecord[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.producer.send(records)
        return
      } catch (error) {
        const isAway = error instanceof DriftstreamError && error.code === 'LOG_UNAVAILABLE'
        if (!isAway || tries === SENDS_MAX) throw error
        this.#sentAgain += records.length
      }
    }
  }

  #framed(record: OutgoingRecord): OutgoingRecord {
    const { frame } = this.options
    if (frame === null) return record
    const event: FeatureEvent = JSON.parse(Buffer.from(record.value!).toString())
    return { ...record, value: frame(event, record.partition) }
  }

  /** Offsets that a group, else the observers', has committed as read, and how many there are. */
  async progress(
    group = this.group,
    topics: readonly string[] = [this.names.features, this.names.labels],
  ): Promise<{ done: number; total: number }> {
    let [done, total] = [0, 0]
    for (const topic of topics) {
      const ends = await this.log.offsets(topic)
      const places = ends.map(({ partition }) => ({ topic, partition }))
      for (const { offset } of await this.log.committed(group, places)) done += offset
      for (const { high } of ends) total += high
    }
    return { done, total }
  }

  /**
   * Resolves when this share of what is in the sources, or in `of`, is committed; with how long it took, ms.
   * Gives up after `patienceMs` without any progress: on a busy machine slow is not lost.
   */
  async reached(
    share: number,
    patienceMs = 120_000,
    of: Parameters<Field['progress']> = [],
  ): Promise<number> {
    const startedAt = performance.now()
    let most = -1
    let movedAt = startedAt
    for (;;) {
      const { done, total } = await this.progress(...of)
      const now = performance.now()
      if (done >= share * total) return now - startedAt
      if (done > most) {
        most = done
        movedAt = now
      }
      if (now - movedAt > patienceMs) {
        const said = this.workers.map((worker) => `${worker.name} said\n${worker.tail()}`).join('\n')
        const stands = `${done} of ${total}, and nothing more for ${patienceMs} ms`
        throw new Error(`${stands}, expected ${share} of them\n${said}`)
      }
      await sleep(LOOK_MS)
    }
  }

  /** Compares all that is committed with the oracle; call when everything is reached. */
  async verdict(): Promise<Verdict> {
    const ends = new Map<string, number>()
    for (const topic of [this.names.features, this.names.labels]) {
      for (const { partition, high } of await this.log.offsets(topic)) {
        if (high > 0) ends.set(`${topic}/${partition}`, high)
      }
    }
    return judge(this.oracle, await readCommitted(this.log, this.names.sketches, this.references), ends)
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.kill()))
    await this.producer.close()
    await this.log.close()
    await rm(this.directory, { recursive: true, force: true })
  }
}
