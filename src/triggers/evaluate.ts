import { combine } from './combined.ts'
import { evaluateDrift } from './drift.ts'
import type { FiredTrigger } from './fired-trigger.ts'
import type { TriggerObservation } from './observation.ts'
import { evaluatePerformance } from './performance.ts'
import type { ScheduleTrigger, TriggerSpec } from './policy.ts'
import { evaluateSchedule, type ScheduleState } from './schedule.ts'

/**
 * Does the trigger say "now"? Null when it does not. Every member of a combined trigger is asked at the same
 * evaluation; only schedules remember anything, and theirs is handed in, already brought up to `at`.
 */
export function evaluateTrigger(
  trigger: TriggerSpec,
  schedules: readonly ScheduleState[],
  observation: TriggerObservation,
): FiredTrigger | null {
  switch (trigger.kind) {
    case 'schedule':
      return evaluateSchedule(trigger, schedules)
    case 'drift':
      return evaluateDrift(trigger, observation.openEpisodes)
    case 'performance':
      return evaluatePerformance(trigger, observation.openEpisodes)
    case 'any':
    case 'all':
      return combine(
        trigger,
        trigger.of.map((member) => evaluateTrigger(member, schedules, observation)),
      )
  }
}

/** Every schedule in a trigger, at whatever depth, in the order they are written. */
export function schedulesOf(trigger: TriggerSpec): readonly ScheduleTrigger[] {
  switch (trigger.kind) {
    case 'schedule':
      return [trigger]
    case 'any':
    case 'all':
      return trigger.of.flatMap(schedulesOf)
    default:
      return []
  }
}
