import { type FiredTrigger, firedByFact } from './fired-trigger.ts'
import type { AgeTrigger } from './policy.ts'

/**
 * Fires at every evaluation while the champion is older than it may be: a rejected candidate does not make
 * it younger, so the cooldown is what spaces the attempts.
 * @param servingSince stream time of its promotion, or of the first observation, epoch ms
 */
export function evaluateAge(trigger: AgeTrigger, servingSince: number, at: number): FiredTrigger | null {
  if (at < servingSince + trigger.maxAgeMs) return null
  return firedByFact(trigger, `serving since ${new Date(servingSince).toISOString()}`)
}
