import { z } from 'zod'
import { featureRecord } from './feature-event.ts'
import { outcome } from './fields.ts'

/** One labelled event as a trainer gets it, one JSON object a line. Holdout rows come without `label`. */
export const trainingRow = z.object({
  id: z.string(),
  at: z.number(),
  features: featureRecord,
  label: outcome.optional(),
})
export type TrainingRow = z.infer<typeof trainingRow>

/** What a trainer reads on its standard input: one JSON object. */
export const trainerInput = z.object({
  requestId: z.string(),
  /** The request's own, or its id: who trains once for a key never trains the same thing twice. */
  idempotencyKey: z.string(),
  /** Stream time after which nobody wants the result; null: no such time. */
  deadlineAt: z.number().nullable(),
  model: z.string(),
  fromVersion: z.string(),
  toVersion: z.string(),
  /** JSONL of training rows with labels, in event-time order. */
  trainPath: z.string(),
  /** JSONL of holdout rows without labels: the trainer predicts them and cannot peek. */
  holdoutPath: z.string(),
  /** Where to put the model. */
  artifactDirectory: z.string(),
  /** Where to write the result before exiting with 0. */
  resultPath: z.string(),
})
export type TrainerInput = z.infer<typeof trainerInput>

/** What a trainer leaves at `resultPath`: one JSON object. */
export const trainerResult = z.object({
  /** A path or address the serving side understands. */
  artifact: z.string().min(1),
  /** JSONL of holdout predictions, one for each holdout row, in any order; absent: a predictor makes them. */
  predictionsPath: z.string().min(1).optional(),
  /** Rows of `trainPath` that the model has learned from; absent: all of them. */
  trainedRows: z.int().min(0).optional(),
  /** Shown in the deployment event, never judged. */
  notes: z.string().max(2000).default(''),
})
export type TrainerResult = z.infer<typeof trainerResult>

export const holdoutPrediction = z.object({
  id: z.string(),
  prediction: outcome,
  score: z.number().optional(),
})
export type HoldoutPrediction = z.infer<typeof holdoutPrediction>

export const trainerInputExample: TrainerInput = {
  requestId: '77aa0c4de19b2f35',
  idempotencyKey: '1f0e2d3c4b5a6978',
  deadlineAt: Date.UTC(2001, 3, 22, 20),
  model: 'flights',
  fromVersion: '1',
  toVersion: '2',
  trainPath: '/tmp/driftstream/77aa0c4de19b2f35/train.jsonl',
  holdoutPath: '/tmp/driftstream/77aa0c4de19b2f35/holdout.jsonl',
  artifactDirectory: '/var/lib/driftstream/flights/2',
  resultPath: '/tmp/driftstream/77aa0c4de19b2f35/result.json',
}

export const trainerResultExample: TrainerResult = {
  artifact: '/var/lib/driftstream/flights/2/model.json',
  predictionsPath: '/tmp/driftstream/77aa0c4de19b2f35/predictions.jsonl',
  trainedRows: 87500,
  notes: '',
}
