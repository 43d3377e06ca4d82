import { type FiredTrigger, firedByFact } from './fired-trigger.ts'
import type { VolumeTrigger } from './policy.ts'

/** Fires while at least so many labelled events have come since the last request or promotion. */
export function evaluateVolume(trigger: VolumeTrigger, newLabels: number): FiredTrigger | null {
  if (newLabels < trigger.labelled) return null
  return firedByFact(trigger, `${newLabels} new labelled events, ${trigger.labelled} were waited for`)
}
