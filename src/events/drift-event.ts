import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { modelName, timeRange, versionName } from './fields.ts'
import { finding, findingExample } from './finding.ts'

/**
 * What should be done about a drift, decided before anything is done:
 * `fix-data` the pipe is broken, `watch` inputs moved and performance did not, `retrain` performance fell,
 * `check-labels` performance moved together with the labels' own rate, while the ranking held; or labels
 * stay away, or come after another time than they did.
 */
export const diagnosis = z.enum(['fix-data', 'watch', 'retrain', 'check-labels'])
export type Diagnosis = z.infer<typeof diagnosis>

/** One state of one episode: a drift from start to end, however many windows show it. */
export const driftEvent = z.object({
  id: z.string(),
  episodeId: z.string(),
  model: modelName,
  version: versionName,
  /** Data (inputs and their quality) or performance: a model has at most one open episode of each. */
  concern: z.enum(['data', 'performance']),
  state: z.enum(['started', 'ongoing', 'resolved']),
  /** Estimated change point, epoch ms: the start of the pane where the drift began to show. */
  changedAt: z.number(),
  /** Event time at which it was detected, epoch ms. */
  detectedAt: z.number(),
  /** Event time of this state, epoch ms. */
  at: z.number(),
  window: timeRange,
  diagnosis,
  referenceId: z.string(),
  findings: z.array(finding),
  /** Of a data drift, where features were judged at `at`: one p-value that none of them had moved. */
  featuresPValue: z.number().optional(),
  summary: z.string(),
})
export type DriftEvent = z.infer<typeof driftEvent>

export const driftEventType: CloudEventType<DriftEvent> = {
  type: 'io.driftstream.drift.episode.v1',
  schema: driftEvent,
}

export const driftEventExample: DriftEvent = {
  id: 'f1d0c2b3a4958677',
  episodeId: '9c0f7a1be2d34456',
  model: 'flights',
  version: '1',
  concern: 'data',
  state: 'started',
  changedAt: Date.UTC(2001, 2, 12, 0),
  detectedAt: Date.UTC(2001, 2, 12, 2),
  at: Date.UTC(2001, 2, 12, 2),
  window: { fromMs: Date.UTC(2001, 2, 12, 0), toMs: Date.UTC(2001, 2, 12, 2) },
  diagnosis: 'fix-data',
  referenceId: '5be1a7c09d3e4f20',
  findings: [findingExample],
  summary: 'origin is missing in 31.0 % of 912 values, 0.0 % in the reference',
}
