import type { DeploymentEvent, DeploymentStage } from '../../src/events/deployment-event.ts'
import type { OpenEpisode, TriggerObservation } from '../../src/triggers/observation.ts'
import type { TriggerPolicy, TriggerSpec } from '../../src/triggers/policy.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** 2001-04-16, a Monday. */
export const MONDAY = Date.UTC(2001, 3, 16)

export function episode(over: Partial<OpenEpisode> = {}): OpenEpisode {
  return {
    id: 'e1',
    concern: 'performance',
    diagnosis: 'retrain',
    changedAt: MONDAY - 2 * DAY,
    detectedAt: MONDAY,
    findings: [],
    summary: 'auc 0.432 on 16204 labelled predictions, 0.643 in the reference',
    ...over,
  }
}

export const BROKEN_PIPE = episode({
  id: 'e2',
  concern: 'data',
  diagnosis: 'fix-data',
  summary: 'origin is missing in 31.0 % of 912 values, 0.0 % in the reference',
})

export function observation(at: number, over: Partial<TriggerObservation> = {}): TriggerObservation {
  return { model: 'flights', version: '1', at, openEpisodes: [], labelledSince: () => 1_000_000, ...over }
}

export function policy(trigger: TriggerSpec, over: Partial<TriggerPolicy> = {}): TriggerPolicy {
  return {
    trigger,
    cooldownMs: DAY,
    minimumSample: 1000,
    trainingWindowMs: 28 * DAY,
    inFlightTimeoutMs: 6 * HOUR,
    ...over,
  }
}

export const ON_PERFORMANCE: TriggerSpec = {
  kind: 'performance',
  name: 'performance',
  diagnoses: ['retrain'],
}
export const ON_DRIFT: TriggerSpec = { kind: 'drift', name: 'drift', diagnoses: ['watch'] }
export const MONTHLY: TriggerSpec = { kind: 'schedule', name: 'monthly', cron: '0 3 1 * *', timezone: 'UTC' }

export function deployment(
  requestId: string,
  stage: DeploymentStage,
  at: number,
  model = 'flights',
): DeploymentEvent {
  return {
    id: `${requestId}-${stage}`,
    requestId,
    model,
    fromVersion: '1',
    toVersion: '2',
    stage,
    at,
    request: null,
    gates: [],
    artifact: null,
    referenceId: null,
    trafficShare: 0,
    reason: 'as told',
  }
}
