import type { MetricRule, TriggerPolicy, TriggerSpec } from '../triggers/policy.ts'
import type { ModelEntry } from './model-schema.ts'
import type { TriggerEntry } from './trigger-schema.ts'

/**
 * From the file's words to a policy; `entry` has passed the schema and the cross checks.
 * @param holdoutShare what is kept of a training range to compare on, the latest of it
 */
export function toPolicy(entry: ModelEntry['triggers'], holdoutShare: number): TriggerPolicy {
  const { panes, of } = entry.hysteresis
  const { requestBudget } = entry
  return {
    trigger: toTrigger(entry.trigger),
    hysteresis: { panes, of: of ?? panes },
    cooldownMs: entry.cooldown,
    deploymentCooldownMs: entry.cooldownAfterDeployment ?? entry.cooldown,
    requestBudget: requestBudget ? { requests: requestBudget.requests, perMs: requestBudget.per } : null,
    quietHours: entry.quietHours.map(({ from, to, timezone, days }) => ({
      fromMinute: from,
      toMinute: to,
      timezone,
      days,
    })),
    minimumNewLabels: entry.minimumNewLabels,
    minimumSample: entry.minimumSample,
    queueMax: entry.queueMax ?? null,
    priority: entry.priority,
    trainingWindowMs: entry.trainingWindow,
    trainingEvents: entry.trainingEvents ?? null,
    holdoutShare,
    retryGrowth: entry.retryGrowth,
    deadlineMs: entry.deadline ?? entry.inFlightTimeout,
    inFlightTimeoutMs: entry.inFlightTimeout,
  }
}

function toTrigger(entry: TriggerEntry): TriggerSpec {
  const name = entry.name ?? entry.kind
  switch (entry.kind) {
    case 'schedule': {
      const { kind, cron, timezone, jitter, catchUp } = entry
      return { kind, name, cron, timezone, jitterMs: jitter, catchUp }
    }
    case 'drift':
    case 'estimated':
      // A data episode that calls for a retrain by itself is rare: the user who asks for this trigger
      // wants the model to follow its inputs.
      return { kind: entry.kind, name, diagnoses: entry.diagnoses ?? ['watch', 'retrain'] }
    case 'performance': {
      const { kind, diagnoses = ['retrain'], lasting } = entry
      return { kind, name, diagnoses, ...(lasting === undefined ? {} : { lastingMs: lasting }) }
    }
    case 'metric':
      return { kind: entry.kind, name, metric: entry.metric, source: entry.source, rule: toRule(entry) }
    case 'volume':
      return { kind: entry.kind, name, labelled: entry.labelled }
    case 'age':
      return { kind: entry.kind, name, maxAgeMs: entry.max }
    case 'cost': {
      const { kind, metric, source, costPerUnit, retrainCost, horizon, predictionsPerDay, recoverable } =
        entry
      const rate = { horizonMs: horizon, predictionsPerDay: predictionsPerDay ?? null, recoverable }
      return { kind, name, metric, source, costPerUnit, retrainCost, ...rate }
    }
    case 'at-least':
      return { kind: entry.kind, name, needed: entry.needed, of: entry.of.map(toTrigger) }
    case 'votes': {
      const of = entry.of.map(({ weight, trigger }) => ({ weight, trigger: toTrigger(trigger) }))
      return { kind: entry.kind, name, needed: entry.needed, of }
    }
    case 'confirmed': {
      const [suspicion, proof] = [toTrigger(entry.suspicion), toTrigger(entry.proof)]
      return { kind: entry.kind, name, suspicion, proof, withinMs: entry.within }
    }
    default:
      return { kind: entry.kind, name, of: entry.of.map(toTrigger) }
  }
}

/** The cross checks have seen to it that one rule is written, and no more. */
function toRule({ below, above, worseBy, within }: Extract<TriggerEntry, { kind: 'metric' }>): MetricRule {
  if (below !== undefined) return { kind: 'below', limit: below }
  if (above !== undefined) return { kind: 'above', limit: above }
  const share = worseBy!
  return within === undefined
    ? { kind: 'worse-than-reference', share }
    : { kind: 'worse-within', share, withinMs: within }
}
