import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { modelName } from './fields.ts'
import { holdoutPrediction } from './training-row.ts'

/** Longest free text of a command: it ends up in deployment events and logs. */
const WORDS_MAX = 2000

const requestId = z.string().min(1).max(200)

/** What a person, or a system in a person's name, tells driftstream about one model. */
const commandBody = z.discriminatedUnion('kind', [
  /** Of a candidate that awaits approval: let it serve, or do not. */
  z.object({ kind: z.literal('approve'), requestId }),
  z.object({ kind: z.literal('reject'), requestId }),
  /** Of a candidate on its way, at whatever stage: end it, and the training with it. */
  z.object({ kind: z.literal('cancel'), requestId }),
  /** Ask for a retrain now. */
  z.object({ kind: z.literal('manual') }),
  /** A trainer that was asked over HTTP calls back: what it would have answered. */
  z.object({
    kind: z.literal('training-result'),
    requestId,
    result: z.union([
      z.object({
        artifact: z.string().min(1),
        predictions: z.array(holdoutPrediction).optional(),
        predictionsPath: z.string().min(1).optional(),
        trainedRows: z.int().min(0).optional(),
        notes: z.string().max(WORDS_MAX).default(''),
      }),
      z.object({ error: z.string().max(WORDS_MAX) }),
    ]),
  }),
])

/** One command on the commands topic, keyed by model as all control events are. */
export const commandEvent = z.intersection(
  z.object({
    id: z.string(),
    model: modelName,
    /** When it was given, epoch ms. */
    at: z.number(),
    /** Who gave it, in their own words; nothing is checked by it. */
    by: z.string().max(WORDS_MAX),
    reason: z.string().max(WORDS_MAX),
  }),
  commandBody,
)
export type CommandEvent = z.infer<typeof commandEvent>

export const commandEventType: CloudEventType<CommandEvent> = {
  type: 'io.driftstream.command.given.v1',
  schema: commandEvent,
}

export const commandEventExample: CommandEvent = {
  id: 'b7e23ec29af22b0b',
  model: 'flights',
  at: Date.UTC(2001, 3, 22, 15, 20),
  by: 'ada@example.org',
  reason: 'looked at the delays of Denver',
  kind: 'approve',
  requestId: '77aa0c4de19b2f35',
}
