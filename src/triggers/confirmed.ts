import { joined } from './combined.ts'
import type { FiredTrigger } from './fired-trigger.ts'
import type { ConfirmedTrigger } from './policy.ts'

/** When the suspicion of a `confirmed` fired last, stream time in epoch ms. */
export interface Suspicion {
  /** The `confirmed` trigger's name. */
  readonly name: string
  readonly at: number
}

/**
 * Fires when the proof does, and the suspicion does now or did at most `withinMs` ago: inputs move at once,
 * labels that prove the harm come later, when the inputs may be back already. A suspicion that is over but
 * fresh is named among the members and brings no episode of its own.
 */
export function evaluateConfirmed(
  trigger: ConfirmedTrigger,
  suspicion: FiredTrigger | null,
  proof: FiredTrigger | null,
  lastSuspected: Suspicion | undefined,
  at: number,
): FiredTrigger | null {
  if (proof === null) return null
  if (suspicion !== null) return joined(trigger, [suspicion, proof])
  if (lastSuspected === undefined || at - lastSuspected.at > trigger.withinMs) return null
  const told = joined(trigger, [proof])
  const { name } = trigger.suspicion
  const suspected = `${name}: suspected at ${new Date(lastSuspected.at).toISOString()}`
  return {
    ...told,
    members: [...told.members, name].sort(),
    reason: `${suspected}; ${told.reason}`,
  }
}
