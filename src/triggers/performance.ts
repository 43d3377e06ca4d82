import { type FiredTrigger, firedByEpisode } from './fired-trigger.ts'
import type { OpenEpisode } from './observation.ts'
import type { PerformanceTrigger } from './policy.ts'

/** Fires at every evaluation while a performance episode with one of the trigger's diagnoses is open. */
export function evaluatePerformance(
  trigger: PerformanceTrigger,
  open: readonly OpenEpisode[],
): FiredTrigger | null {
  const episode = open.find((e) => e.concern === 'performance' && trigger.diagnoses.includes(e.diagnosis))
  return episode === undefined ? null : firedByEpisode(trigger, episode)
}
