import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
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

/** `awaiting-approval`, `shadow`, `canary` and `rolled-back` are reserved for the full rollout. */
export const deploymentStage = z.enum([
  'training',
  'validated',
  'rejected',
  'awaiting-approval',
  'shadow',
  'canary',
  'promoted',
  'rolled-back',
  'failed',
  'refused',
])
export type DeploymentStage = z.infer<typeof deploymentStage>

/** The stages after which a request is over and the next one may start. */
export const TERMINAL_STAGES: ReadonlySet<DeploymentStage> = new Set([
  'rejected',
  'promoted',
  'rolled-back',
  'failed',
  'refused',
])

/** One step of one rollout. The deployments topic *is* the rollout's state: replay it to know it. */
export const deploymentEvent = z.object({
  id: z.string(),
  requestId: z.string(),
  model: modelName,
  fromVersion: versionName,
  toVersion: versionName,
  stage: deploymentStage,
  at: z.number(),
  /** Carried by `training` alone, so that a restart can resume from this topic. */
  request: retrainRequest.nullable(),
  gates: z.array(gateResult),
  /** What the trainer delivered: a path or an address the serving side understands. */
  artifact: z.string().nullable(),
  referenceId: z.string().nullable(),
  /** Share of traffic the new version should get, 0 to 1. */
  trafficShare: z.number().min(0).max(1),
  reason: z.string(),
})
export type DeploymentEvent = z.infer<typeof deploymentEvent>

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
