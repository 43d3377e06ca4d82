import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { topicLines } from '../support/topic-names.ts'
import { PANE_MS, VERSION } from './stream.ts'

/** How a field is laid out and its processes configured; durations as a configuration writes them. */
export interface FieldOptions {
  /** Of its topics, groups and transactional ids. */
  readonly name: string
  readonly brokers: readonly string[]
  readonly models: readonly string[]
  readonly partitions: number
  readonly flushInterval: string
  readonly flushEvents: number
  readonly sessionTimeout: string
  readonly transactionTimeout: string
  readonly outageMax: string
  readonly labelWait: string
  /** Where the schemas of framed features are; null: they are JSON. */
  readonly schemaRegistry: string | null
  /** Features in another form than JSON. */
  readonly frame: ((event: FeatureEvent, partition: number) => Buffer) | null
  /** Broker settings of every topic. */
  readonly topicSettings: Readonly<Record<string, string>>
  /** Every model's `triggers`, as YAML in one line. */
  readonly triggers: string
  /** A model's `retraining`, as YAML in one line; the directory is the field's own. Null: nothing is trained. */
  readonly retraining: ((model: string, directory: string) => string) | null
}

/** The configuration file of a field's processes. */
export function configuration(options: FieldOptions, directory: string): string {
  const models = options.models.map(
    (model) => `  ${model}:
    version: ${VERSION}
    task: binary
    positiveLabel: 1
    features: { x: numeric, c: categorical }
    windows: { quality: 2m, data: 10m, performance: 10m, labelDelay: 1m }
    detection: { sampleMin: 100 }
    triggers: ${options.triggers}
${options.retraining === null ? '' : `    retraining: ${options.retraining(model, directory)}\n`}`,
  )
  return `
kafka:
  brokers: [${options.brokers.join(', ')}]
  connectTimeout: 20s
  sessionTimeout: ${options.sessionTimeout}
  transactionTimeout: ${options.transactionTimeout}
  outageMax: ${options.outageMax}
${options.schemaRegistry === null ? '' : `schemaRegistry: { url: "${options.schemaRegistry}" }\n`}topics:
${topicLines(`${options.name}.`)}
  partitions: ${options.partitions}
  replicationFactor: 1
group: ${options.name}
stream:
  paneLength: ${PANE_MS / 1000}s
  grace: 0s
  labelWait: ${options.labelWait}
  flushInterval: ${options.flushInterval}
  flushEvents: ${options.flushEvents}
  pastMax: 1d
models:
${models.join('')}artifacts: ${directory}/artifacts
log: { level: info, pretty: false }
`
}
