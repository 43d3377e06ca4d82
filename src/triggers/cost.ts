import type { Finding } from '../events/finding.ts'
import { type FiredTrigger, firedByFinding } from './fired-trigger.ts'
import { findingOfMetric, isGain } from './metric-value.ts'
import type { TriggerObservation } from './observation.ts'
import type { CostTrigger } from './policy.ts'

const DAY_MS = 86_400_000

/**
 * Fires while the loss that a retrain is expected to avoid is worth more than the retrain.
 *
 *     avoided = recoverable · surely worse · costPerUnit · predictions a day · days of the horizon
 *
 * `surely worse` is the end of the confidence interval of the metric's change that speaks for the champion,
 * in the metric's unit, at least 0: noise costs nothing. Both sides are in the user's unit. Where a finding
 * has no bounds nothing is sure and the trigger is silent, as it is while the metric is undecided.
 *
 * Source: the return on investment of an adaptation in Žliobaitė, Budka and Stahl, "Towards cost-sensitive
 * adaptation: when is it worth updating your predictive model?", Neurocomputing 150, 2015, with the lower
 * bound in place of the estimated gain.
 */
export function evaluateCost(trigger: CostTrigger, observation: TriggerObservation): FiredTrigger | null {
  const finding = findingOfMetric(observation.findings, trigger.metric, trigger.source)
  if (finding === null) return null
  const avoided = avoidedCost(trigger, finding)
  if (!(avoided > trigger.retrainCost)) return null
  const worth = `a retrain avoids ${short(avoided)} in ${short(trigger.horizonMs / DAY_MS)} days`
  return firedByFinding(trigger, finding, `${worth} and costs ${short(trigger.retrainCost)}`)
}

/** Expected cost a retrain avoids within the horizon, in the user's unit; 0 where nothing is surely worse. */
function avoidedCost(trigger: CostTrigger, finding: Finding): number {
  const bound = isGain(trigger.metric) ? finding.effectUpper : finding.effectLower
  const worse = bound === null ? 0 : Math.max(0, isGain(trigger.metric) ? -bound : bound)
  const days = finding.window === undefined ? 1 : (finding.window.toMs - finding.window.fromMs) / DAY_MS
  const perDay = trigger.predictionsPerDay ?? finding.n / days
  return trigger.recoverable * worse * trigger.costPerUnit * perDay * (trigger.horizonMs / DAY_MS)
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
