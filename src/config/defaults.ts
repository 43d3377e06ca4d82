import type { LogOptions, TopicNames } from './options.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export const TOPIC_DEFAULTS: TopicNames = {
  features: 'ml.features.v1',
  labels: 'ml.labels.v1',
  sketches: 'ml.drift.sketches.v1',
  references: 'ml.drift.references.v1',
  driftEvents: 'ml.drift.events.v1',
  retrainRequests: 'ml.drift.retrain-requests.v1',
  commands: 'ml.drift.commands.v1',
  deployments: 'ml.drift.deployments.v1',
  comparisons: 'ml.drift.comparisons.v1',
  deadLetters: 'ml.drift.dead-letters.v1',
  health: 'ml.drift.health.v1',
  snapshots: 'ml.drift.snapshots.v1',
}

export const KAFKA_DEFAULTS = {
  clientId: 'driftstream',
  connectTimeoutMs: 10 * SECOND_MS,
  sessionTimeoutMs: 30 * SECOND_MS,
  // Who sleeps through it has lost the membership as well, and joins anew.
  transactionTimeoutMs: MINUTE_MS,
  // A rolling upgrade, a lost zone: longer, and a person should hear of it.
  outageMaxMs: 10 * MINUTE_MS,
}

export const SCHEMA_REGISTRY_DEFAULTS = {
  requestTimeLimitMs: 5 * SECOND_MS,
  // As that of the brokers.
  outageMaxMs: 10 * MINUTE_MS,
  // Asked twice: a registry that is read from a copy has what was registered just now.
  unknownWaitMs: 10 * SECOND_MS,
  cacheMax: 1_000,
}

export const STREAM_DEFAULTS = {
  paneMs: HOUR_MS,
  graceMs: 5 * MINUTE_MS,
  futureMaxMs: HOUR_MS,
  pastMaxMs: 7 * DAY_MS,
  labelWaitMs: DAY_MS,
  // About 100 bytes each: 100 MB, and then they go to the disk.
  waitingMax: 1_000_000,
  idleAfterMs: MINUTE_MS,
  flushIntervalMs: SECOND_MS,
  // A flush costs some hundred answers of a broker whatever it holds: a backlog is worked off in large ones.
  flushEvents: 200_000,
  // At a megabyte of sketches a second a snapshot about every minute.
  snapshotBytes: 64 * 1024 ** 2,
}

// About 13 million predictions with ids of 36 characters; a process grows by 500 MB of memory with them.
export const JOIN_DEFAULTS = { diskBytesMax: 1024 ** 3 }

// More than half refused is a producer that was deployed broken, not a bad event here and there.
export const DEAD_LETTER_DEFAULTS = { headers: 'connect', shareMax: 0.5, pauseMs: MINUTE_MS } as const

/** A change of a tenth of a standard deviation shows within 16 bases or not for a long time. */
export const WINDOW_DEFAULTS = { longestBases: 16 }

export const TRIGGER_DEFAULTS = {
  cooldownMs: DAY_MS,
  // Refusals of one episode stay as few as the logarithm of what has come since its change.
  retryGrowth: 2,
  minimumSample: 5_000,
  trainingWindowMs: 28 * DAY_MS,
  inFlightTimeoutMs: 6 * HOUR_MS,
}

export const LEARNING_DEFAULTS = {
  learn: true,
  // Twenty values a bin place its edges well enough; what is counted on them is exact.
  cutAt: 10_000,
  countUntil: 50_000,
}

/** Of one exchange, not of the training. */
export const WEBHOOK_TIME_LIMIT_MS = 30 * SECOND_MS

export const TRAINER_TIME_LIMIT_MS = 10 * MINUTE_MS

export const ARTIFACTS_DEFAULT = 'artifacts'

export const ALERT_DEFAULTS = {
  severity: 'info',
  // A model drifts a few times a month; what comes faster is one cause in many models.
  atMost: 30,
  perMs: HOUR_MS,
  staleAfterMs: DAY_MS,
  giveUpAfterMs: 5 * MINUTE_MS,
  requestTimeLimitMs: 10 * SECOND_MS,
} as const

/** What a process tells of itself is for its machine, unless somebody says otherwise. */
export const METRICS_HOST_DEFAULT = '127.0.0.1'

export const LOG_DEFAULTS: LogOptions = { level: 'info', pretty: 'auto' }
