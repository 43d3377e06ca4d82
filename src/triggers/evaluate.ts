import { evaluateAge } from './age.ts'
import { combine } from './combined.ts'
import { evaluateConfirmed } from './confirmed.ts'
import { evaluateCost } from './cost.ts'
import { evaluateDrift } from './drift.ts'
import { evaluateEstimated } from './estimated.ts'
import type { FiredTrigger } from './fired-trigger.ts'
import { evaluateMetric } from './metric.ts'
import type { TriggerObservation } from './observation.ts'
import { evaluatePerformance } from './performance.ts'
import type { TriggerSpec } from './policy.ts'
import { evaluateSchedule } from './schedule.ts'
import { newLabels, type TriggerState } from './state.ts'
import { evaluateVolume } from './volume.ts'

/**
 * Does the trigger say "now"? Null when it does not. Every member of a combined trigger is asked at the same
 * evaluation; what triggers remember is handed in, already brought up to it.
 */
export function evaluateTrigger(
  trigger: TriggerSpec,
  state: TriggerState,
  observation: TriggerObservation,
): FiredTrigger | null {
  const ask = (member: TriggerSpec) => evaluateTrigger(member, state, observation)
  const { openEpisodes, at } = observation
  switch (trigger.kind) {
    case 'schedule':
      return evaluateSchedule(trigger, state.schedules)
    case 'drift':
      return evaluateDrift(trigger, openEpisodes)
    case 'performance':
      return evaluatePerformance(trigger, openEpisodes, at)
    case 'estimated':
      return evaluateEstimated(trigger, openEpisodes)
    case 'metric': {
      const history = state.histories.find(({ name }) => name === trigger.name)
      return evaluateMetric(trigger, history, observation)
    }
    case 'volume':
      return evaluateVolume(trigger, newLabels(state, observation))
    case 'age':
      return evaluateAge(trigger, state.servingSince ?? at, at)
    case 'cost':
      return evaluateCost(trigger, observation)
    case 'votes':
      return combine(
        trigger,
        trigger.of.map((member) => ({ fired: ask(member.trigger), weight: member.weight })),
      )
    case 'confirmed': {
      const suspected = state.suspicions.find(({ name }) => name === trigger.name)
      return evaluateConfirmed(trigger, ask(trigger.suspicion), ask(trigger.proof), suspected, at)
    }
    default:
      return combine(
        trigger,
        trigger.of.map((member) => ({ fired: ask(member), weight: 1 })),
      )
  }
}
