import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { comparisonNumbers } from './comparison-event.ts'
import { modelName, versionName } from './fields.ts'
import { retrainRequest } from './retrain-request.ts'

/** One condition a candidate had to meet, with its numbers, passed or not. */
export const gateResult = z.object({
  gate: z.string(),
  passed: z.boolean(),
  /** Point estimate and its confidence bounds in the gate's own unit; null where there is none. */
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  threshold: z.number().nullable(),
  n: z.int(),
  message: z.string(),
})
export type GateResult = z.infer<typeof gateResult>

/**
 * A training that was handed over to a back-end: what it takes to ask after it, from any process. Flat and
 * small; never a secret.
 */
export const trainerJob = z.object({
  backend: z.enum(['command', 'webhook']),
  /** Epoch ms by the clock of the machine that handed it over; the time limit counts from it. */
  submittedAt: z.number(),
  handle: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
export type TrainerJob = z.infer<typeof trainerJob>

export const deploymentStage = z.enum([
  'accepted',
  'training',
  'validating',
  'validated',
  'rejected',
  'awaiting-approval',
  'shadow',
  'canary',
  'promoted',
  'confirmed',
  'rolled-back',
  'failed',
  'timed-out',
  'cancelled',
  'superseded',
  'refused',
])
export type DeploymentStage = z.infer<typeof deploymentStage>

/**
 * The stages after which a request is over. A promoted version may be watched; then `confirmed` or
 * `rolled-back` follows.
 */
export const TERMINAL_STAGES: ReadonlySet<DeploymentStage> = new Set([
  'rejected',
  'promoted',
  'confirmed',
  'rolled-back',
  'failed',
  'timed-out',
  'cancelled',
  'superseded',
  'refused',
])

/**
 * Ends of the features topic, by partition, when a stage was written. What stands before them was answered by
 * nobody who could know of it.
 */
export const featuresEnd = z.object({ topic: z.string(), offsets: z.array(z.int().min(0)) })
export type FeaturesEnd = z.infer<typeof featuresEnd>

/** One step of one rollout. The deployments topic *is* the rollout's state: replay it to know it. */
export const deploymentEvent = z.object({
  id: z.string(),
  requestId: z.string(),
  model: modelName,
  fromVersion: versionName,
  toVersion: versionName,
  stage: deploymentStage,
  at: z.number(),
  /** Carried by `accepted` alone (before there was one, by `training`), so that a restart can resume. */
  request: retrainRequest.nullable(),
  /** Carried by `training`: a restart asks after this job, and hands over no other. */
  job: trainerJob.optional(),
  /** How often a lost job has been handed over again; carried by `training` where it has. */
  restarts: z.int().min(1).optional(),
  gates: z.array(gateResult),
  /** What the trainer delivered: a path or an address the serving side understands. */
  artifact: z.string().nullable(),
  referenceId: z.string().nullable(),
  /** Share of traffic that `toVersion` is to answer from now on, 0 to 1; `fromVersion` answers the rest. */
  trafficShare: z.number().min(0).max(1),
  /** Number of the canary's step, from 0; carried by `canary`. */
  step: z.int().min(0).optional(),
  /** Carried by `promoted` where the new version is watched from here on. */
  watched: z.boolean().optional(),
  /** Carried where `toVersion` is to answer live events from here on, or another share of them. */
  featuresEnd: featuresEnd.optional(),
  /** What live events showed when this was decided. */
  comparison: comparisonNumbers.optional(),
  reason: z.string(),
})
export type DeploymentEvent = z.infer<typeof deploymentEvent>

/** The version that serves once the event has been heeded, where `champion` served before. */
export function championAfter(
  champion: string,
  { stage, fromVersion, toVersion }: Pick<DeploymentEvent, 'stage' | 'fromVersion' | 'toVersion'>,
): string {
  if (stage === 'promoted') return toVersion
  // A candidate that is rolled back out of its canary has never been champion.
  return stage === 'rolled-back' && champion === toVersion ? fromVersion : champion
}

/** Whether the candidate answers other events from here on, so that a comparison begins or goes on otherwise. */
export function changesAnswers({ stage, watched }: Pick<DeploymentEvent, 'stage' | 'watched'>): boolean {
  return stage === 'shadow' || stage === 'canary' || (stage === 'promoted' && watched === true)
}

export const deploymentEventType: CloudEventType<DeploymentEvent> = {
  type: 'io.driftstream.deployment.changed.v1',
  schema: deploymentEvent,
}

export const deploymentEventExample: DeploymentEvent = {
  id: 'd00dfeed12345678',
  requestId: '77aa0c4de19b2f35',
  model: 'flights',
  fromVersion: '1',
  toVersion: '2',
  stage: 'promoted',
  at: Date.UTC(2001, 3, 22, 14),
  request: null,
  gates: [
    {
      gate: 'log-loss difference',
      passed: true,
      value: -0.061,
      lower: -0.068,
      upper: -0.054,
      threshold: 0,
      n: 30112,
      message: 'log-loss of the challenger minus the champion on 30112 holdout events',
    },
  ],
  artifact: '/var/lib/driftstream/flights/2/model.json',
  referenceId: '1234567890abcdef',
  trafficShare: 1,
  reason: 'all gates passed',
}
