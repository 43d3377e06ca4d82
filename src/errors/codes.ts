/**
 * Every error driftstream can raise, each with its fate.
 *
 * The fate is what the edge does when it meets the error, decided here once and nowhere else:
 *
 * - `refuse-start`: the process lists every fault it found and exits with 78 (EX_CONFIG).
 * - `dead-letter`: the record goes, bytes untouched, to the dead-letter topic; its neighbours go on.
 * - `retry`: the outside world is away; back off and try again until a deadline.
 * - `rejoin`: this process lost its claim; drop everything uncommitted and join the group again.
 * - `fail-request`: the retrain request it concerns ends as `failed`, with the reason; the stream goes on.
 * - `crash`: our own bug, or a state nobody foresaw; stop at once with what is known.
 *
 * Codes are never reused. `docs/errors.md` lists the same set; a test holds both to it.
 */
export const ERROR_FATES = {
  CONFIG_UNREADABLE: 'refuse-start',
  CONFIG_INVALID: 'refuse-start',
  TOPIC_MISSING: 'refuse-start',
  TOPIC_PARTITIONS_MISMATCH: 'refuse-start',
  BROKER_UNREACHABLE: 'refuse-start',
  BROKER_UNSUPPORTED: 'refuse-start',
  LOGIN_REFUSED: 'refuse-start',
  CLIENT_UNSUPPORTED: 'refuse-start',
  REFERENCE_FILE_INVALID: 'refuse-start',
  REFERENCE_UNKNOWN: 'refuse-start',
  REQUEST_UNKNOWN: 'refuse-start',
  DEMO_UNAVAILABLE: 'refuse-start',
  DEAD_LETTER_UNKNOWN: 'refuse-start',
  METRICS_ADDRESS_UNAVAILABLE: 'refuse-start',
  HISTORY_INVALID: 'refuse-start',
  PREDICTOR_UNAVAILABLE: 'refuse-start',

  EVENT_UNDECODABLE: 'dead-letter',
  EVENT_INVALID: 'dead-letter',
  EVENT_TOO_LARGE: 'dead-letter',
  EVENT_TIME_TOO_OLD: 'dead-letter',
  EVENT_TIME_IN_FUTURE: 'dead-letter',
  MODEL_UNKNOWN: 'dead-letter',
  SCHEMA_REGISTRY_MISSING: 'dead-letter',
  SCHEMA_UNKNOWN: 'dead-letter',
  SCHEMA_INVALID: 'dead-letter',
  DELTA_UNDECODABLE: 'dead-letter',
  CALLBACK_REFUSED: 'dead-letter',

  LOG_UNAVAILABLE: 'retry',
  SEND_UNCONFIRMED: 'retry',
  SCHEMA_REGISTRY_UNAVAILABLE: 'retry',
  JOIN_DISK_UNAVAILABLE: 'retry',

  PRODUCER_FENCED: 'rejoin',
  COMMIT_UNCLEAR: 'rejoin',
  ASSIGNMENT_LOST: 'rejoin',

  TRAINING_RANGE_TOO_LARGE: 'fail-request',
  TRAINER_FAILED: 'fail-request',

  BATCH_UNDECODABLE: 'crash',
  STATE_IMPOSSIBLE: 'crash',
  JOIN_DISK_UNREADABLE: 'crash',
} as const

export type ErrorCode = keyof typeof ERROR_FATES
export type ErrorFate = (typeof ERROR_FATES)[ErrorCode]
