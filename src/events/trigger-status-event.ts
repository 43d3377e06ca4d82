import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { modelName, versionName } from './fields.ts'

const count = z.int().min(0)

/** Where the triggers of one model stand; counts are of all time that the detector's state remembers. */
export const modelTriggerStatus = z.object({
  model: modelName,
  /** The champion. */
  version: versionName,
  /** Firings: those that became requests and those that were held back, together. */
  fired: count,
  requested: count,
  suppressed: z.array(z.object({ guard: z.string(), count })),
  /** Ids of requests that have no end yet. */
  inFlight: z.array(z.string()),
  /** Stream time of the next scheduled firing, or of one that is due and held back, epoch ms; null: none. */
  nextScheduleAt: z.number().nullable(),
})
export type ModelTriggerStatus = z.infer<typeof modelTriggerStatus>

/** How the triggers of a detector task's models stand: from every task whenever panes close, in parts of 500 models. */
export const triggerStatusEvent = z.object({
  id: z.string(),
  task: count,
  /** Event time: the end of the newest closed pane, epoch ms. */
  at: z.number(),
  models: z.array(modelTriggerStatus),
})
export type TriggerStatusEvent = z.infer<typeof triggerStatusEvent>

export const triggerStatusEventType: CloudEventType<TriggerStatusEvent> = {
  type: 'io.driftstream.trigger.status.v1',
  schema: triggerStatusEvent,
}

export const triggerStatusEventExample: TriggerStatusEvent = {
  id: '51c8e0d2f7a39b64',
  task: 0,
  at: Date.UTC(2001, 3, 22, 14),
  models: [
    {
      model: 'flights',
      version: '1',
      fired: 101,
      requested: 1,
      suppressed: [
        { guard: 'minimum-sample', count: 96 },
        { guard: 'in-flight', count: 4 },
      ],
      inFlight: ['77aa0c4de19b2f35'],
      nextScheduleAt: Date.UTC(2001, 4, 1, 3),
    },
  ],
}
