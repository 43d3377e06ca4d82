import type { Mapping } from '../events/mapping.ts'
import type { ApprovalOptions } from '../retraining/approval.ts'
import type { TrainerOptions } from '../retraining/trainers/create-trainer.ts'
import type { PredictorOptions } from '../retraining/trainers/predictor.ts'
import type { ModelOptions, StreamOptions } from '../steps/options.ts'
import type { AlertSinkOptions } from './alert-options.ts'
import type { SchemaRegistryOptions } from './schema-registry-options.ts'
import type { SecurityOptions } from './security-options.ts'

/** How the broker is reached. */
export interface KafkaOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly connectTimeoutMs: number
  readonly security: SecurityOptions
  /** A member that is silent for so long has lost its tasks. */
  readonly sessionTimeoutMs: number
  /** The broker aborts a transaction that is open for so long; at least the session timeout. */
  readonly transactionTimeoutMs: number
  /** How long the brokers may be away before a process ends. */
  readonly outageMaxMs: number
}

/** The names of all topics driftstream reads and writes. */
export interface TopicNames {
  readonly features: string
  readonly labels: string
  readonly sketches: string
  readonly references: string
  readonly driftEvents: string
  readonly retrainRequests: string
  readonly commands: string
  readonly deployments: string
  readonly comparisons: string
  readonly deadLetters: string
  readonly health: string
  readonly snapshots: string
}

/** The topics, and how `topics create` makes those that are missing. */
export interface TopicOptions {
  readonly names: TopicNames
  readonly partitions: number
  readonly replicationFactor: number
}

/** Whose convention the headers of dead letters follow: Kafka Connect's or Spring Kafka's. */
export type DeadLetterHeaders = 'connect' | 'spring'

export interface DeadLetterOptions {
  readonly headers: DeadLetterHeaders
  /** A task of which a larger share of records is refused reads no further for a while; 1: it goes on. */
  readonly shareMax: number
  readonly pauseMs: number
}

/** When an edge flushes: at the interval, or earlier when so many events are folded. */
export interface FlushOptions {
  /** 0: as soon as the input is drained. */
  readonly intervalMs: number
  readonly eventsMax: number
  /**
   * A detector adds a snapshot of its state to a flush when it has read so many bytes since the one before, or
   * as many as that one has where those are more; 0: to every flush.
   */
  readonly snapshotBytes: number
}

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** `auto`: for people on a terminal, JSON elsewhere. */
  readonly pretty: boolean | 'auto'
}

/** One model as configured; without a trainer its retrain requests are left to other subscribers. */
export interface ConfiguredModel extends ModelOptions {
  readonly trainer: TrainerOptions | null
  /** Absent: the trainer predicts the holdout itself. */
  readonly predictor?: PredictorOptions | null
  /** Absent: candidates that pass are promoted at once. */
  readonly approval?: ApprovalOptions
}

/** Where a process tells of itself over HTTP. */
export interface MonitorOptions {
  readonly host: string
  readonly port: number
}

/** Where predictions wait that memory has no room for. */
export interface JoinOptions {
  /** Of all tasks of a process; 0: none do, the oldest expire early. */
  readonly diskBytesMax: number
  /** Null: where the host keeps temporary files. */
  readonly directory: string | null
}

/** Everything a configuration says, checked and complete. */
export interface AppOptions {
  readonly kafka: KafkaOptions
  readonly topics: TopicOptions
  /** Prefix of the consumer groups and transactional ids. */
  readonly group: string
  readonly stream: StreamOptions
  /** Absent: nothing waits on disk. */
  readonly join?: JoinOptions
  readonly flush: FlushOptions
  readonly deadLetters: DeadLetterOptions
  readonly mapping: Mapping
  readonly models: ReadonlyMap<string, ConfiguredModel>
  /** Directory for what trainers deliver: `<artifacts>/<model>/<version>/`. */
  readonly artifacts: string
  readonly log: LogOptions
  /** Absent: nobody is told. */
  readonly alerts?: readonly AlertSinkOptions[]
  /** Absent: source events are JSON, and what is framed is refused. */
  readonly schemaRegistry?: SchemaRegistryOptions
  /** Absent: no server is opened. */
  readonly metrics?: MonitorOptions
}
