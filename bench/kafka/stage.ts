import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TOPIC_DEFAULTS } from '../../src/config/defaults.ts'
import type { TopicNames } from '../../src/config/options.ts'
import { topicSpecs } from '../../src/consumers/topics.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, OutgoingRecord } from '../../src/log/port.ts'
import { featureRecord } from '../../src/producers/source-events.ts'
import { startKafka } from '../../tools/kafka/local-kafka.ts'
import { drawEvents, type EventShape } from '../streams/events.ts'
import { buildSides } from './built-sides.ts'

export const PARTITIONS = 4
export const SHAPE: EventShape = { numeric: 20, categorical: 0, models: ['bench'] }

const SEND_RECORDS = 20_000

/** A broker of this run's own, and where its sides find their configurations. */
export interface Stage {
  readonly brokers: readonly string[]
  readonly log: Log
  readonly folder: string
  /** Where the built sides are. */
  readonly sides: string
  close(): Promise<void>
}

export async function openStage(say: (line: string) => void): Promise<Stage> {
  // Two observers that start together are to be one generation, not two.
  const kafka = await startKafka({ report: say, settings: { 'group.initial.rebalance.delay.ms': '1000' } })
  // The cluster's, which is removed however this process ends.
  const { folder } = kafka
  const sides = await buildSides(join(folder, 'built'))
  const log = await openKafkaLog({ brokers: kafka.brokers, clientId: 'bench', connectTimeoutMs: 20_000 })
  return {
    brokers: kafka.brokers,
    log,
    folder,
    sides,
    close: async () => {
      await log.close()
      await kafka.stop()
    },
  }
}

/** The topics of one installation by prefix, as many as the product has. */
function topicNames(prefix: string): TopicNames {
  const keys = Object.keys(TOPIC_DEFAULTS) as (keyof TopicNames)[]
  return Object.fromEntries(keys.map((key) => [key, `${prefix}.${key}`])) as Record<keyof TopicNames, string>
}

/** Creates them; the features topic is packed by the broker where told. */
export async function createTopics(stage: Stage, prefix: string, codec: 'none' | 'gzip'): Promise<void> {
  const names = topicNames(prefix)
  const packed = codec === 'none' ? {} : { 'compression.type': codec }
  const specs = topicSpecs(names, PARTITIONS, 1, true)
  await stage.log.createTopics(
    specs.map((spec) =>
      spec.topic === names.features ? { ...spec, settings: { ...spec.settings, ...packed } } : spec,
    ),
  )
}

/** So many feature events of the stream that the other benches draw, spread by prediction id. */
export async function fillFeatures(stage: Stage, prefix: string, count: number): Promise<number> {
  const to = { topic: `${prefix}.features`, partitions: PARTITIONS }
  const producer = await stage.log.openProducer()
  const { features } = drawEvents(SHAPE, count, 'kafka')
  let bytes = 0
  for (let from = 0; from < count; from += SEND_RECORDS) {
    const records: OutgoingRecord[] = features
      .slice(from, from + SEND_RECORDS)
      .map((event) => featureRecord(event, to))
    for (const { value } of records) bytes += value?.length ?? 0
    await producer.send(records)
  }
  await producer.close()
  return bytes / count
}

/** Writes the configuration of one group of processes and returns its path. */
export async function writeConfiguration(
  stage: Stage,
  { prefix, group, stream }: { readonly prefix: string; readonly group: string; readonly stream: string },
  models: readonly string[] = SHAPE.models,
): Promise<string> {
  const path = join(stage.folder, `${group}.yaml`)
  const features = Array.from(
    { length: SHAPE.numeric },
    (_, index) => `num_${String(index).padStart(2, '0')}`,
  )
  const model = `
    version: 1
    task: binary
    positiveLabel: 1
    features: { ${features.map((name) => `${name}: numeric`).join(', ')} }
    windows: { quality: 60m, data: 60m, performance: 60m, labelDelay: 60m }
    triggers: { trigger: { kind: performance } }`
  await writeFile(
    path,
    `
kafka: { brokers: [${stage.brokers.join(', ')}] }
topics:
${Object.entries(topicNames(prefix))
  .map(([key, topic]) => `  ${key}: ${topic}`)
  .join('\n')}
  replicationFactor: 1
group: ${group}
stream: { ${stream} }
models:${models.map((name) => `\n  ${name}:${model}`).join('')}
log: { level: warn, pretty: false }
`,
  )
  return path
}
