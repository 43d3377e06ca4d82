import { z } from 'zod'
import { epochMs, modelName, outcome, predictionId } from './fields.ts'

/** What turned out to be true of one prediction, keyed by its id on the same partition number. */
export const labelEvent = z.object({
  model: modelName,
  id: predictionId,
  /** When the label became known, not when the prediction was made. */
  at: epochMs,
  label: outcome,
})

export type LabelEvent = z.infer<typeof labelEvent>

export const labelEventExample: LabelEvent = {
  model: 'flights',
  id: '2001-01-29-000017',
  at: Date.UTC(2001, 0, 29, 8, 2),
  label: 1,
}
