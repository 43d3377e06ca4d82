import { z } from 'zod'

/**
 * The fields that several events share, each with its limit. A limit here is a promise to everything
 * behind it: memory per model, length of a key, width of a table in the terminal.
 */

/** Also used in group ids and transactional ids, so it keeps to the characters Kafka allows. */
export const MODEL_PATTERN = /^[a-zA-Z0-9._-]{1,100}$/
export const VERSION_LENGTH_MAX = 100
export const ID_LENGTH_MAX = 512
/** Of a prediction or label that is a text: a million of them may wait for one another. */
export const OUTCOME_LENGTH_MAX = 512
/** Of a score by class. */
export const SCORE_CLASSES_MAX = 1000

export const modelName = z.string().regex(MODEL_PATTERN, 'expected 1 to 100 of [a-zA-Z0-9._-]')

/** A number is taken as its decimal text: `1` and `"1"` are the same version. */
export const versionName = z.union(
  [z.string().min(1).max(VERSION_LENGTH_MAX), z.number().transform(String)],
  'expected a version of 1 to 100 characters or a number',
)

export const predictionId = z.union(
  [z.string().min(1).max(ID_LENGTH_MAX), z.number().transform(String)],
  'expected an id of 1 to 512 characters or a number',
)

/** Epoch milliseconds, or ISO 8601 with a zone; decoded to epoch milliseconds. */
export const epochMs = z.union(
  [z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
  'expected epoch milliseconds or ISO 8601 with a zone',
)

const OUTCOME_EXPECTED = `expected a number, a text of at most ${OUTCOME_LENGTH_MAX} characters, true or false`

/** A prediction or a label: what a model says, and what turned out to be. */
export const outcome = z.union(
  [z.number(), z.string().max(OUTCOME_LENGTH_MAX, OUTCOME_EXPECTED), z.boolean()],
  OUTCOME_EXPECTED,
)

export const offsetRange = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  from: z.int().min(0),
  to: z.int().min(0),
})

/** A stretch of event time: `fromMs` included, `toMs` excluded. */
export const timeRange = z.object({ fromMs: z.number(), toMs: z.number() })
export type TimeRange = z.infer<typeof timeRange>
