import type { z } from 'zod'
import { DEFAULT_MAPPING } from '../events/mapping.ts'
import { alertsSchema } from './alert-schema.ts'
import {
  ARTIFACTS_DEFAULT,
  DEAD_LETTER_DEFAULTS,
  JOIN_DEFAULTS,
  KAFKA_DEFAULTS,
  LOG_DEFAULTS,
  METRICS_HOST_DEFAULT,
  STREAM_DEFAULTS,
  TOPIC_DEFAULTS,
} from './defaults.ts'
import { modelSchema } from './model-schema.ts'
import {
  brokerAddress,
  byteSize,
  duration,
  list,
  named,
  oneOf,
  scalar,
  section,
  text,
  topicName,
  wholeNumber,
} from './scalars.ts'
import { schemaRegistrySchema } from './schema-registry-schema.ts'
import { securitySchema } from './security-schema.ts'

/** Also a prefix of transactional ids, which Kafka lets be anything; groups keep to these characters. */
const groupName = text('1 to 100 of [a-zA-Z0-9._-]', (raw) => /^[a-zA-Z0-9._-]{1,100}$/.test(raw))

const fieldPath = () =>
  text('a dotted path into the event, such as payload.id', (raw) =>
    raw.split('.').every((step) => step !== ''),
  )

const feature = DEFAULT_MAPPING.feature
const label = DEFAULT_MAPPING.label

/** The configuration file, section by section, with every default. */
export const fileSchema = section({
  kafka: section({
    brokers: list('a list of host:port', brokerAddress()),
    clientId: text('a name').default(KAFKA_DEFAULTS.clientId),
    connectTimeout: duration().default(KAFKA_DEFAULTS.connectTimeoutMs),
    security: securitySchema,
    sessionTimeout: duration().default(KAFKA_DEFAULTS.sessionTimeoutMs),
    transactionTimeout: duration().default(KAFKA_DEFAULTS.transactionTimeoutMs),
    outageMax: duration(0).default(KAFKA_DEFAULTS.outageMaxMs),
  }),
  schemaRegistry: schemaRegistrySchema,
  topics: section({
    features: topicName().default(TOPIC_DEFAULTS.features),
    labels: topicName().default(TOPIC_DEFAULTS.labels),
    sketches: topicName().default(TOPIC_DEFAULTS.sketches),
    references: topicName().default(TOPIC_DEFAULTS.references),
    driftEvents: topicName().default(TOPIC_DEFAULTS.driftEvents),
    retrainRequests: topicName().default(TOPIC_DEFAULTS.retrainRequests),
    commands: topicName().default(TOPIC_DEFAULTS.commands),
    deployments: topicName().default(TOPIC_DEFAULTS.deployments),
    comparisons: topicName().default(TOPIC_DEFAULTS.comparisons),
    deadLetters: topicName().default(TOPIC_DEFAULTS.deadLetters),
    health: topicName().default(TOPIC_DEFAULTS.health),
    snapshots: topicName().default(TOPIC_DEFAULTS.snapshots),
    partitions: wholeNumber(1, 10_000).default(6),
    replicationFactor: wholeNumber(1, 100).default(3),
  }),
  group: groupName.default('driftstream'),
  stream: section({
    paneLength: duration().default(STREAM_DEFAULTS.paneMs),
    grace: duration(0).default(STREAM_DEFAULTS.graceMs),
    futureMax: duration(0).default(STREAM_DEFAULTS.futureMaxMs),
    pastMax: duration().default(STREAM_DEFAULTS.pastMaxMs),
    labelWait: duration().default(STREAM_DEFAULTS.labelWaitMs),
    repeatWait: duration(0).optional(),
    waitingMax: wholeNumber(1).default(STREAM_DEFAULTS.waitingMax),
    idleAfter: duration().default(STREAM_DEFAULTS.idleAfterMs),
    flushInterval: duration(0).default(STREAM_DEFAULTS.flushIntervalMs),
    flushEvents: wholeNumber(1).default(STREAM_DEFAULTS.flushEvents),
    snapshotAfter: byteSize().default(STREAM_DEFAULTS.snapshotBytes),
  }),
  join: section({
    diskMax: byteSize().default(JOIN_DEFAULTS.diskBytesMax),
    directory: text('a directory').nullish(),
  }),
  deadLetters: section({
    headers: oneOf(['connect', 'spring']).default(DEAD_LETTER_DEFAULTS.headers),
    shareMax: scalar('a number above 0, at most 1', (raw) =>
      typeof raw === 'number' && raw > 0 && raw <= 1 ? raw : undefined,
    ).default(DEAD_LETTER_DEFAULTS.shareMax),
    pause: duration().default(DEAD_LETTER_DEFAULTS.pauseMs),
  }),
  mapping: section({
    feature: section({
      model: fieldPath().default(feature.model),
      version: fieldPath().default(feature.version),
      id: fieldPath().default(feature.id),
      at: fieldPath().default(feature.at),
      features: fieldPath().default(feature.features),
      prediction: fieldPath().default(feature.prediction),
      score: fieldPath().default(feature.score),
      segment: fieldPath().default(feature.segment),
    }),
    label: section({
      model: fieldPath().default(label.model),
      id: fieldPath().default(label.id),
      at: fieldPath().default(label.at),
      label: fieldPath().default(label.label),
    }),
  }),
  models: named(
    {
      expected: 'at least one model by name',
      expectedName: 'a model name of 1 to 100 of [a-zA-Z0-9._-]',
      // Also a directory's name under the artifacts.
      accepts: (name) => /^[a-zA-Z0-9._-]{1,100}$/.test(name) && name !== '.' && name !== '..',
      min: 1,
    },
    modelSchema,
  ),
  artifacts: text('a directory').default(ARTIFACTS_DEFAULT),
  alerts: alertsSchema,
  metrics: section({
    host: text('a host name or an address').default(METRICS_HOST_DEFAULT),
    port: wholeNumber(1, 65_535).nullish(),
  }),
  log: section({
    level: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default(LOG_DEFAULTS.level),
    pretty: scalar<boolean | 'auto'>('true, false or auto', (raw) =>
      typeof raw === 'boolean' || raw === 'auto' ? raw : undefined,
    ).default(LOG_DEFAULTS.pretty),
  }),
})

export type FileEntry = z.infer<typeof fileSchema>
