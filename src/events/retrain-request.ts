import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { diagnosis } from './drift-event.ts'
import { modelName, offsetRange, timeRange, versionName } from './fields.ts'
import { finding } from './finding.ts'

/** A request that a guard held back: what would have fired, when, and which guard said no. */
export const suppressedTrigger = z.object({
  trigger: z.string(),
  /** First and last event time it was held back, epoch ms, and how many evaluations in between. */
  firstAt: z.number(),
  lastAt: z.number(),
  count: z.int(),
  /** The guard's name, such as `cooldown` or `diagnosis`. */
  guard: z.string(),
  reason: z.string(),
})
export type SuppressedTrigger = z.infer<typeof suppressedTrigger>

const triggerKind = z.enum([
  'schedule',
  'drift',
  'performance',
  'estimated',
  'metric',
  'volume',
  'age',
  'cost',
  'manual',
  'any',
  'all',
  'at-least',
  'votes',
  'confirmed',
])

export const trainingRange = timeRange.extend({
  /** Source offsets that hold every event of the range (and some around it; times decide). */
  offsets: z.array(offsetRange),
  /** What it was chosen by; null in requests of schema version 1. */
  basis: z.enum(['since-change', 'last-window', 'last-events']).nullable().default(null),
})
export type TrainingRange = z.infer<typeof trainingRange>

/**
 * Fields are added, never changed: 2 added `schemaVersion` itself, `idempotencyKey`, `traceparent`,
 * `deadlineAt`, `trainingRange.basis` and new kinds of trigger, 3 `trigger.commands`. What a version lacks is null
 * or empty when read.
 */
export const RETRAIN_REQUEST_SCHEMA_VERSION = 3

/** A wish, not an order: anyone may subscribe to the topic and act on it. */
export const retrainRequest = z.object({
  /** Hash of model, version, trigger and stream time: the same request in a replay. */
  id: z.string(),
  schemaVersion: z.int().min(1).default(1),
  /** Hash of model, version and training times: two requests that would train the same have the same key. */
  idempotencyKey: z.string().nullable().default(null),
  /** W3C trace context: one trace an episode, one span a request. */
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .nullable()
    .default(null),
  model: modelName,
  /** The champion that is to be replaced. */
  version: versionName,
  at: z.number(),
  /** Stream time after which the request is of no use. */
  deadlineAt: z.number().nullable().default(null),
  trigger: z.object({
    name: z.string(),
    kind: triggerKind,
    /** The members that fired, of a combined trigger; empty otherwise. */
    members: z.array(z.string()),
    /** Ids of the commands that it answers, of a person's wish; empty otherwise. */
    commands: z.array(z.string()).default([]),
    reason: z.string(),
  }),
  diagnosis: diagnosis.nullable(),
  episodeId: z.string().nullable(),
  evidence: z.array(finding),
  /** What the request is about: since the change, or the last window or events, up to `at`. */
  window: timeRange,
  /** The part of the window to learn from: labels complete, the pipe never broken. */
  trainingRange,
  referenceId: z.string().nullable(),
  /** Hash of the model's trigger configuration. */
  policyVersion: z.string(),
  suppressed: z.array(suppressedTrigger),
  severity: z.enum(['routine', 'elevated', 'urgent']),
})
export type RetrainRequest = z.infer<typeof retrainRequest>

export const retrainRequestType: CloudEventType<RetrainRequest> = {
  type: 'io.driftstream.retrain.requested.v1',
  schema: retrainRequest,
}

const day = 86_400_000
const exampleAt = Date.UTC(2001, 3, 22, 14)

export const retrainRequestExample: RetrainRequest = {
  id: '77aa0c4de19b2f35',
  schemaVersion: RETRAIN_REQUEST_SCHEMA_VERSION,
  idempotencyKey: '1f0e2d3c4b5a6978',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  model: 'flights',
  version: '1',
  at: exampleAt,
  deadlineAt: exampleAt + day / 4,
  trigger: {
    name: 'performance',
    kind: 'performance',
    members: [],
    commands: [],
    reason: 'auc fell by 0.211',
  },
  diagnosis: 'retrain',
  episodeId: '0a1b2c3d4e5f6071',
  evidence: [
    {
      detector: 'performance',
      subject: 'auc',
      verdict: 'drifted',
      statistic: 'auc',
      value: 0.432,
      referenceValue: 0.643,
      pValue: 1e-30,
      effectLower: -0.226,
      effectUpper: -0.196,
      threshold: 0.03,
      n: 16204,
      m: 118020,
      message: 'auc 0.432 on 16204 labelled predictions, 0.643 in the reference',
    },
  ],
  window: { fromMs: exampleAt - 6 * day, toMs: exampleAt },
  trainingRange: {
    fromMs: exampleAt - 6 * day,
    toMs: exampleAt - day,
    basis: 'since-change',
    offsets: [
      { topic: 'ml.features.v1', partition: 0, from: 1200, to: 98000 },
      { topic: 'ml.labels.v1', partition: 0, from: 1100, to: 97400 },
    ],
  },
  referenceId: '5be1a7c09d3e4f20',
  policyVersion: 'c0ffee0123456789',
  suppressed: [
    {
      trigger: 'performance',
      firstAt: exampleAt - 5 * day,
      lastAt: exampleAt - day,
      count: 96,
      guard: 'minimum-sample',
      reason: '81210 of 100000 labelled events since the change',
    },
  ],
  severity: 'urgent',
}
