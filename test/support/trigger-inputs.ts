import type { DeploymentEvent, DeploymentStage } from '../../src/events/deployment-event.ts'
import type { Finding } from '../../src/events/finding.ts'
import type { OpenEpisode, TriggerObservation } from '../../src/triggers/observation.ts'
import {
  OPEN_GUARDS,
  type ScheduleTrigger,
  type TriggerPolicy,
  type TriggerSpec,
} from '../../src/triggers/policy.ts'

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
  return {
    model: 'flights',
    version: '1',
    at,
    openEpisodes: [],
    findings: [],
    labelledUntil: at,
    labelledIn: () => 1_000_000,
    labelledTotal: 1_000_000,
    broken: [],
    queued: 0,
    ...over,
  }
}

export function policy(trigger: TriggerSpec, over: Partial<TriggerPolicy> = {}): TriggerPolicy {
  return {
    ...OPEN_GUARDS,
    trigger,
    cooldownMs: DAY,
    minimumSample: 1000,
    trainingWindowMs: 28 * DAY,
    deadlineMs: 6 * HOUR,
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
export function schedule(name: string, cron: string, over: Partial<ScheduleTrigger> = {}): ScheduleTrigger {
  return { kind: 'schedule', name, cron, timezone: 'UTC', jitterMs: 0, catchUp: true, ...over }
}

export const MONTHLY = schedule('monthly', '0 3 1 * *')

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

/** What a metric is in the window of `hours` that ends at `at`. */
export function metricFinding(at: number, over: Partial<Finding> = {}, hours = 24): Finding {
  return {
    detector: 'performance',
    subject: over.statistic ?? 'auc',
    verdict: 'stable',
    statistic: 'auc',
    value: 0.8,
    referenceValue: 0.8,
    pValue: 0.5,
    effectLower: -0.01,
    effectUpper: 0.01,
    threshold: 0.03,
    n: 2_400,
    m: 100_000,
    message: 'as told',
    window: { fromMs: at - hours * HOUR, toMs: at },
    ...over,
  }
}
