import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { offsetRange, timeRange } from './fields.ts'

const count = z.int().min(0)

/** What was met and could not be counted as it should be; every field counts events, or offsets. */
export const healthCounts = z.object({
  /** Feature events that came after their pane had closed; they are counted, and judged no more. */
  late: count,
  duplicatePredictions: count,
  duplicateLabels: count,
  /** Labels whose predictions never came. */
  orphanLabels: count,
  /** Predictions whose labels never came. */
  expiredPredictions: count,
  /** Records refused by an observer. */
  deadLetters: count,
  /** Feature events of a version without a reference. */
  unreferenced: count,
  /** Deltas that covered offsets merged before, and were dropped. */
  overlaps: count,
  /** Places where source offsets are missing between two deltas. */
  gaps: count,
  /** Source offsets that are missing in all gaps together. */
  missingOffsets: count,
})
export type HealthCounts = z.infer<typeof healthCounts>

/** One observer task, as its latest delta tells. */
export const taskHealth = z.object({
  task: count,
  /** Event time up to which it is complete, epoch ms; null before its first event. */
  watermark: z.number().nullable(),
  idle: z.boolean(),
  /** Predictions without a label, and labels without a prediction. */
  waiting: count,
  sources: z.array(z.object({ topic: z.string(), partition: count, offset: count })),
})
export type TaskHealth = z.infer<typeof taskHealth>

/** How the stream itself fares: once whenever panes close, from the detector of sketches partition 0. */
export const streamHealthEvent = z.object({
  id: z.string(),
  /** Event time: the end of the newest closed pane, epoch ms. */
  at: z.number(),
  /** The panes that were closed since the event before. */
  window: timeRange,
  /** `incomplete`: offsets are missing, so that counts of the window are too small. */
  state: z.enum(['whole', 'incomplete']),
  /** Since the event before. */
  counts: healthCounts,
  /** Since the detector's state began. */
  totals: healthCounts,
  /** Where offsets are missing, the first twenty. */
  gaps: z.array(offsetRange),
  tasks: z.array(taskHealth),
})
export type StreamHealthEvent = z.infer<typeof streamHealthEvent>

export const streamHealthEventType: CloudEventType<StreamHealthEvent> = {
  type: 'io.driftstream.stream.health.v1',
  schema: streamHealthEvent,
}

export const streamHealthEventExample: StreamHealthEvent = {
  id: '0c41f7b29be6d35a',
  at: Date.UTC(2001, 2, 12, 2),
  window: { fromMs: Date.UTC(2001, 2, 12, 1), toMs: Date.UTC(2001, 2, 12, 2) },
  state: 'incomplete',
  counts: {
    late: 3,
    duplicatePredictions: 0,
    duplicateLabels: 1,
    orphanLabels: 0,
    expiredPredictions: 12,
    deadLetters: 2,
    unreferenced: 0,
    overlaps: 0,
    gaps: 1,
    missingOffsets: 40,
  },
  totals: {
    late: 31,
    duplicatePredictions: 4,
    duplicateLabels: 1,
    orphanLabels: 7,
    expiredPredictions: 3120,
    deadLetters: 2,
    unreferenced: 0,
    overlaps: 0,
    gaps: 1,
    missingOffsets: 40,
  },
  gaps: [{ topic: 'ml.features.v1', partition: 3, from: 88120, to: 88160 }],
  tasks: [
    {
      task: 3,
      watermark: Date.UTC(2001, 2, 12, 2, 5),
      idle: false,
      waiting: 21433,
      sources: [
        { topic: 'ml.features.v1', partition: 3, offset: 91244 },
        { topic: 'ml.labels.v1', partition: 3, offset: 70012 },
      ],
    },
  ],
}
