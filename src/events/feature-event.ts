import { z } from 'zod'
import { epochMs, modelName, outcome, predictionId, SCORE_CLASSES_MAX, versionName } from './fields.ts'

/** A feature's value as it came. What it counts as is decided by the reference's type for that feature. */
export type FeatureValue = number | string | boolean | null

/** Features of one event; more are an EVENT_INVALID. Memory per model grows with this. */
export const FEATURES_MAX = 2000

export const SEGMENT_LENGTH_MAX = 200

/** True for a flat record of numbers (infinite ones too: `1e999` is one), strings, booleans and nulls. */
export function isFeatureRecord(value: unknown): value is Record<string, FeatureValue> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  let count = 0
  for (const name in value) {
    const feature = (value as Record<string, unknown>)[name]
    if (typeof feature === 'object' && feature !== null) return false
    if (++count > FEATURES_MAX) return false
  }
  return true
}

/**
 * Not `z.record`: that drops a feature called `__proto__` without a word, and refuses infinite numbers,
 * which are counted, not refused.
 */
export const featureRecord = z.custom<Record<string, FeatureValue>>(
  isFeatureRecord,
  `expected an object of at most ${FEATURES_MAX} numbers, strings, booleans or nulls`,
)

const SCORE_EXPECTED = `expected a probability, or one a class, of at most ${SCORE_CLASSES_MAX} classes`

function classesOf(score: Readonly<Record<string, number>>): number {
  return Object.keys(score).length
}

/**
 * One prediction with the features it was made from. Keyed by prediction id, so that its label, keyed the
 * same way, lies on the same partition number of the labels topic.
 */
export const featureEvent = z.object({
  model: modelName,
  version: versionName,
  id: predictionId,
  at: epochMs,
  features: featureRecord,
  prediction: outcome,
  /** Probability of the positive class, or one probability a class; absent for regression. */
  score: z
    .union([z.number(), z.record(z.string(), z.number())], SCORE_EXPECTED)
    .refine((score) => typeof score === 'number' || classesOf(score) <= SCORE_CLASSES_MAX, SCORE_EXPECTED)
    .optional(),
  segment: z.string().max(SEGMENT_LENGTH_MAX).optional(),
})

export type FeatureEvent = z.infer<typeof featureEvent>

export const featureEventExample: FeatureEvent = {
  model: 'flights',
  version: '1',
  id: '2001-01-29-000017',
  at: Date.UTC(2001, 0, 29, 6, 15),
  features: { hour: 6, weekday: 'Mon', distance: 328, origin: 'DEN', destination: 'SLC' },
  prediction: 0,
  score: 0.137,
}
