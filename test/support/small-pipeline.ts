import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino, { type Logger } from 'pino'
import type { AlertSinkOptions } from '../../src/config/alert-options.ts'
import type { AppOptions, DeadLetterOptions } from '../../src/config/options.ts'
import { settle } from '../../src/consumers/settle.ts'
import { type ProcessName, type RunningProcess, startProcesses } from '../../src/consumers/start.ts'
import { topicSpecs } from '../../src/consumers/topics.ts'
import type { ExpertMode } from '../../src/detectors/expert-modes.ts'
import { type CloudEventType, decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type ComparisonEvent, comparisonEventType } from '../../src/events/comparison-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../../src/events/deployment-event.ts'
import { type DriftEvent, driftEventType } from '../../src/events/drift-event.ts'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import { type RetrainRequest, retrainRequestType } from '../../src/events/retrain-request.ts'
import { versionsOf } from '../../src/events/serving-route.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import type { Log, LogRecord, OutgoingRecord } from '../../src/log/port.ts'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import type { SchemaTable } from '../../src/registry/schema-table.ts'
import type { ApprovalOptions } from '../../src/retraining/approval.ts'
import type { RolloutOptions } from '../../src/retraining/rollout-options.ts'
import type { TrainerOptions } from '../../src/retraining/trainers/create-trainer.ts'
import type { PredictorOptions } from '../../src/retraining/trainers/predictor.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import type { LearningOptions, WindowOptions } from '../../src/steps/options.ts'
import { framedRecords } from './fake-registry.ts'
import type { Format } from './framed-events.ts'
import { smallModel, smallStream } from './small-options.ts'
import { routeOf } from './small-serving.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld, type WorldEvent } from './small-world.ts'
import { topicNames } from './topic-names.ts'

const MINUTE_MS = 60_000
/** The world before minute 0 that the first version learned from. */
const PAST_MINUTES = 60

export interface Published {
  readonly drift: readonly DriftEvent[]
  readonly requests: readonly RetrainRequest[]
  readonly deployments: readonly DeploymentEvent[]
  readonly comparisons: readonly ComparisonEvent[]
  readonly deadLetters: readonly LogRecord[]
}

/** The whole pipeline on a log in memory, with time moved by hand. */
export interface SmallPipeline {
  readonly log: Log
  readonly options: AppOptions
  readonly running: readonly RunningProcess[]
  /** Sends records and waits until they have had all their consequences. */
  emit(records: readonly OutgoingRecord[], now: number): Promise<void>
  /** Plays minutes of a world as its serving side would, by what the deployments say. */
  play(world: SmallWorld, fromMinute: number, toMinute: number): Promise<void>
  published(): Promise<Published>
  restart(): Promise<void>
  stop(): Promise<void>
}

export function smallOptions(artifacts: string): AppOptions {
  const names = topicNames('')
  const trainer = {
    kind: 'command' as const,
    command: [process.execPath, fileURLToPath(new URL('small-trainer.ts', import.meta.url))],
    timeLimitMs: 30_000,
    workingDirectory: null,
    environment: {},
  }
  return {
    kafka: {
      brokers: [],
      clientId: 'small',
      connectTimeoutMs: 1000,
      sessionTimeoutMs: 6_000,
      transactionTimeoutMs: 10_000,
      outageMaxMs: 60_000,
      security: { tls: null, login: null },
    },
    topics: { names, partitions: 3, replicationFactor: 1 },
    group: 'small',
    stream: smallStream,
    flush: { intervalMs: 0, eventsMax: 1000, snapshotBytes: 2 ** 26 },
    deadLetters: { headers: 'connect', shareMax: 0.5, pauseMs: 60_000 },
    mapping: DEFAULT_MAPPING,
    models: new Map([['small', { ...smallModel, trainer }]]),
    artifacts,
    log: { level: 'silent', pretty: false },
  }
}

/** The reference of version 1, from the hour before the stream begins. */
export function smallReference(world: SmallWorld) {
  return buildReference({
    model: 'small',
    version: '1',
    createdAt: world.startMs,
    task: smallModel.task,
    positiveLabel: smallModel.positiveLabel,
    features: new Map([...smallModel.features].map(([name, { type }]) => [name, type] as const)),
    *rows() {
      for (let minute = -PAST_MINUTES; minute < 0; minute++) {
        for (const event of minuteOf(world, minute)) {
          const { features, prediction, score } = featureEventOf(event, '1')
          yield { features, prediction, score, label: event.label }
        }
      }
    },
  })
}

/** What a test may want otherwise: how many partitions, and no reference but what the stream teaches. */
export interface SmallVariant {
  readonly partitions?: number
  readonly learning?: LearningOptions
  readonly classics?: readonly ExpertMode[]
  readonly outageMaxMs?: number
  readonly deadLetters?: Partial<DeadLetterOptions>
  readonly snapshotBytes?: number
  readonly logger?: Logger
  readonly metrics?: Metrics
  /** With some, an alerter runs beside the three processes. */
  readonly alerts?: readonly AlertSinkOptions[]
  /** Features and labels in a schema registry's frames, by the ids of `fake-registry.ts`; absent: JSON. */
  readonly framed?: { readonly format: Format; readonly schemas: SchemaTable }
  readonly trainer?: TrainerOptions
  readonly predictor?: PredictorOptions
  readonly approval?: ApprovalOptions
  readonly windows?: Partial<WindowOptions>
  readonly rollout?: RolloutOptions
  /** What a version says of an event, null where it fails to; by default version 1 knows the world before the turn, others after. */
  readonly answers?: (event: WorldEvent, version: string) => FeatureEvent | null
}

/** `disturb` may put something between the processes and the log. */
export async function openSmallPipeline(
  world: SmallWorld,
  disturb: (log: Log) => Log = (log) => log,
  variant: SmallVariant = {},
): Promise<SmallPipeline> {
  const directory = await mkdtemp(join(tmpdir(), 'driftstream-test-'))
  const options = variantOf(smallOptions(directory), variant)
  const log = openMemoryLog()
  const disturbed = disturb(log)
  const { names, partitions } = options.topics
  await log.createTopics(topicSpecs(names, partitions, 1, true))
  const producer = await log.openProducer()
  const stamp = { source: '/test', now: world.startMs }
  const references = { topic: names.references, partitions }
  if (variant.learning === undefined) {
    await producer.send([referenceRecord(toReferenceEvent(smallReference(world)), references, stamp)])
  }

  const { feature: featureOf, label: labelOf } =
    variant.framed === undefined
      ? { feature: featureRecord, label: labelRecord }
      : framedRecords(variant.framed.format)
  const processNames: ProcessName[] = ['observer', 'detector', 'retrainer']
  if (variant.alerts !== undefined) processNames.push('alerter')
  let now = world.startMs
  let stop = new AbortController()
  const start = () =>
    startProcesses(processNames, disturbed, options, {
      clock: { now: () => now },
      logger: variant.logger ?? pino({ level: 'silent' }),
      signal: stop.signal,
      ...(variant.metrics && { metrics: variant.metrics }),
      ...(variant.framed && { schemas: variant.framed.schemas }),
    })
  let running = await start()
  const halt = async () => {
    stop.abort()
    await Promise.all(running.map(({ done }) => done))
  }

  const pipeline: SmallPipeline = {
    log,
    options,
    get running() {
      return running
    },
    async emit(records, at) {
      now = at
      const { written } = await producer.send(records)
      await settle(running, written)
    },
    async play(world, fromMinute, toMinute) {
      for (let minute = fromMinute; minute < toMinute; minute++) {
        const route = routeOf(await read(log, names.deployments, deploymentEventType), '1')
        const answers = variant.answers ?? featureEventOf
        const events = minuteOf(world, minute)
        const features = events.flatMap((event) =>
          versionsOf(event.id, route).flatMap((version) => {
            const answer = answers(event, version)
            return answer === null ? [] : [featureOf(answer, { topic: names.features, partitions })]
          }),
        )
        const labels = events.map((event) =>
          labelOf(labelEventOf(event), { topic: names.labels, partitions }),
        )
        await pipeline.emit([...features, ...labels], world.startMs + (minute + 1) * MINUTE_MS)
      }
    },
    async published() {
      return {
        drift: await read(log, names.driftEvents, driftEventType),
        requests: await read(log, names.retrainRequests, retrainRequestType),
        deployments: await read(log, names.deployments, deploymentEventType),
        comparisons: await read(log, names.comparisons, comparisonEventType),
        deadLetters: await readRecords(log, names.deadLetters),
      }
    },
    async restart() {
      await halt()
      stop = new AbortController()
      running = await start()
    },
    async stop() {
      await halt()
      await producer.close()
      await log.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  return pipeline
}

function variantOf(options: AppOptions, variant: SmallVariant): AppOptions {
  const { partitions, learning, classics, deadLetters, outageMaxMs = options.kafka.outageMaxMs } = variant
  const { snapshotBytes = options.flush.snapshotBytes } = variant
  const { trainer, predictor, approval, windows, rollout } = variant
  const models = [...options.models].map(
    ([name, model]) =>
      [
        name,
        {
          ...model,
          ...(learning && { learning }),
          ...(classics && { classics }),
          ...(trainer && { trainer }),
          ...(predictor && { predictor }),
          ...(approval && { approval }),
          ...(windows && { windows: { ...model.windows, ...windows } }),
          ...(rollout && { rollout }),
        },
      ] as const,
  )
  const topics = { ...options.topics, partitions: partitions ?? options.topics.partitions }
  return {
    ...options,
    kafka: { ...options.kafka, outageMaxMs },
    topics,
    models: new Map(models),
    flush: { ...options.flush, snapshotBytes },
    deadLetters: { ...options.deadLetters, ...deadLetters },
    ...(variant.alerts && { alerts: variant.alerts }),
  }
}

/** Every record of a topic, or of one of its partitions, in log-time order. */
export async function readRecords(log: Log, topic: string, only?: number): Promise<LogRecord[]> {
  const places = (await log.offsets(topic)).filter(({ partition }) => partition === (only ?? partition))
  const ranges = places.map(({ partition, low, high }) => ({
    topic,
    partition,
    from: low,
    to: high,
  }))
  const records: LogRecord[] = []
  for await (const batch of log.read(ranges)) records.push(...batch.records)
  return records.sort((a, b) => a.timestamp - b.timestamp)
}

async function read<T>(log: Log, topic: string, type: CloudEventType<T>): Promise<T[]> {
  return (await readRecords(log, topic)).map(({ value, headers }) => decodeCloudEvent(type, value, headers))
}
