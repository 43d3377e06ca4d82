import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { modelName, versionName } from './fields.ts'

/** What one version did in the panes that are compared. */
const comparedVersion = z.object({
  version: versionName,
  /** Predictions. */
  events: z.int().min(0),
  /** Those of them whose losses are in the comparison; in shadow, of events that both versions answered. */
  labelled: z.int().min(0),
  /** Mean loss; null without any. */
  loss: z.number().nullable(),
})

/** One way in which a version can be unfit whatever its losses are. */
const servingCheck = z.object({
  check: z.enum(['missing', 'constant']),
  failed: z.boolean(),
  n: z.int().min(0),
  message: z.string(),
})
export type ServingCheck = z.infer<typeof servingCheck>

/** The numbers of a comparison of two versions on live events, from the beginning of a stage until now. */
export const comparisonNumbers = z.object({
  /** Stream time up to which events are in it, epoch ms. */
  at: z.number(),
  /** Stream time at which the stage, and its present step, began to be compared. */
  since: z.number(),
  stepSince: z.number(),
  /** `paired`: both versions on the same events; `samples`: each on its own; `past`: one against its baseline. */
  design: z.enum(['paired', 'samples', 'past']),
  loss: z.enum(['error', 'brier', 'clipped-error']),
  champion: comparedVersion,
  challenger: comparedVersion,
  /** Labelled predictions of the challenger in the present step. */
  stepLabelled: z.int().min(0),
  /** Challenger's mean loss minus the champion's, in units of the greatest loss; null before there are both. */
  difference: z.number().nullable(),
  /** Bounds that hold at all times at once; null where a large difference cannot be excluded. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Largest difference that is no harm, the same units. */
  margin: z.number(),
  /** ln of the evidence that the challenger is worse, and that it is not worse by the margin; null: not asked. */
  logHarm: z.number(),
  logProof: z.number().nullable(),
  checks: z.array(servingCheck),
})
export type ComparisonNumbers = z.infer<typeof comparisonNumbers>

export const comparedStage = z.enum(['shadow', 'canary', 'watch'])
export type ComparedStage = z.infer<typeof comparedStage>

/** How a candidate fares beside the champion, told at every pane that closes while it is on its way. */
export const comparisonEvent = z.object({
  id: z.string(),
  model: modelName,
  requestId: z.string(),
  stage: comparedStage,
  /** Number of the canary's step, from 0; 0 at other stages. */
  step: z.int().min(0),
  ...comparisonNumbers.shape,
})
export type ComparisonEvent = z.infer<typeof comparisonEvent>

export const comparisonEventType: CloudEventType<ComparisonEvent> = {
  type: 'io.driftstream.rollout.compared.v1',
  schema: comparisonEvent,
}

export const comparisonEventExample: ComparisonEvent = {
  id: '6f2b90c1d4e85a37',
  model: 'flights',
  requestId: '77aa0c4de19b2f35',
  stage: 'canary',
  step: 0,
  at: Date.UTC(2001, 3, 23, 4),
  since: Date.UTC(2001, 3, 22, 16),
  stepSince: Date.UTC(2001, 3, 22, 16),
  design: 'samples',
  loss: 'brier',
  champion: { version: '1', events: 9120, labelled: 8731, loss: 0.214 },
  challenger: { version: '2', events: 474, labelled: 455, loss: 0.166 },
  stepLabelled: 455,
  difference: -0.048,
  lower: -0.093,
  upper: -0.002,
  margin: 0.01,
  logHarm: -3.1,
  logProof: 4.2,
  checks: [
    {
      check: 'missing',
      failed: false,
      n: 9594,
      message: 'version 2 answered 4.9 % of 9594 events, of a share of 5.0 %',
    },
    { check: 'constant', failed: false, n: 474, message: 'version 2 gives more than one answer' },
  ],
}
