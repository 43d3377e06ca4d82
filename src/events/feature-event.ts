import { z } from 'zod'
import { epochMs, modelName, predictionId, versionName } from './fields.ts'

/** A feature's value as it came. What it counts as is decided by the reference's type for that feature. */
export const featureValue = z.union([z.number(), z.string(), z.boolean(), z.null()])

/**
 * One prediction with the features it was made from. Keyed by prediction id, so that its label, keyed the
 * same way, lies on the same partition number of the labels topic.
 */
export const featureEvent = z.object({
  model: modelName,
  version: versionName,
  id: predictionId,
  at: epochMs,
  features: z.record(z.string(), featureValue),
  prediction: z.union([z.number(), z.string(), z.boolean()]),
  /** Probability of the positive class, or one probability a class; absent for regression. */
  score: z.union([z.number(), z.record(z.string(), z.number())]).optional(),
  segment: z.string().max(200).optional(),
})

export type FeatureValue = z.infer<typeof featureValue>
export type FeatureEvent = z.infer<typeof featureEvent>

export const featureEventExample: FeatureEvent = {
  model: 'flights',
  version: '1',
  id: '2001-01-29-000017',
  at: Date.UTC(2001, 0, 29, 6, 15),
  features: { hour: '6', weekday: 'Mon', distance: 328, origin: 'DEN', destination: 'SLC' },
  prediction: 0,
  score: 0.137,
}
