import type { TriggerSpec } from './policy.ts'

/** The triggers a combined one is made of; none of a single one. */
function membersOf(trigger: TriggerSpec): readonly TriggerSpec[] {
  switch (trigger.kind) {
    case 'any':
    case 'all':
    case 'at-least':
      return trigger.of
    case 'votes':
      return trigger.of.map((member) => member.trigger)
    case 'confirmed':
      return [trigger.suspicion, trigger.proof]
    default:
      return []
  }
}

/** The trigger and all it is made of, at whatever depth, members before what they make up. */
export function triggersWithin(trigger: TriggerSpec): readonly TriggerSpec[] {
  return [...membersOf(trigger).flatMap(triggersWithin), trigger]
}
