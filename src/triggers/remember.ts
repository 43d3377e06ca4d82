import { evaluateTrigger } from './evaluate.ts'
import { triggersWithin } from './members.ts'
import { advanceHistory } from './metric.ts'
import type { TriggerObservation } from './observation.ts'
import type { TriggerPolicy } from './policy.ts'
import { advanceSchedule } from './schedule.ts'
import type { TriggerState } from './state.ts'
import { expireInFlight, withinStreamTime } from './stream-time.ts'

/**
 * What the triggers of a policy know when they are asked: schedules that have come due, what metrics were,
 * when suspicions fired; requests and wishes whose time is up are gone. Of triggers that the policy no
 * longer has nothing is kept.
 */
export function remember(
  before: TriggerState,
  observation: TriggerObservation,
  policy: TriggerPolicy,
): TriggerState {
  const { at, model } = observation
  const triggers = triggersWithin(policy.trigger)
  const known = <T extends { readonly name: string }>(list: readonly T[], name: string) =>
    list.find((each) => each.name === name)
  const schedules = triggers.flatMap((trigger) =>
    trigger.kind === 'schedule'
      ? [advanceSchedule(known(before.schedules, trigger.name), trigger, at, model)]
      : [],
  )
  const histories = triggers.flatMap((trigger) => {
    if (trigger.kind !== 'metric') return []
    return advanceHistory(known(before.histories, trigger.name), trigger, observation) ?? []
  })
  let state: TriggerState = {
    ...expireInFlight(withinStreamTime(before, at), at, policy.inFlightTimeoutMs),
    labelledNow: observation.labelledTotal,
    schedules,
    histories,
    suspicions: before.suspicions.filter(({ name }) => known(triggers, name)?.kind === 'confirmed'),
  }
  // Members stand before what they make up: a suspicion that is itself confirmed has been seen to.
  for (const trigger of triggers) {
    if (trigger.kind !== 'confirmed') continue
    if (evaluateTrigger(trigger.suspicion, state, observation) === null) continue
    const others = state.suspicions.filter(({ name }) => name !== trigger.name)
    state = { ...state, suspicions: [...others, { name: trigger.name, at }] }
  }
  return state
}
