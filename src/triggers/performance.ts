import { type FiredTrigger, firedByEpisode } from './fired-trigger.ts'
import type { OpenEpisode } from './observation.ts'
import type { PerformanceTrigger } from './policy.ts'

/**
 * Fires at every evaluation while a performance episode with one of the trigger's diagnoses is open, and was
 * detected at least `lastingMs` ago.
 */
export function evaluatePerformance(
  trigger: PerformanceTrigger,
  open: readonly OpenEpisode[],
  at: number,
): FiredTrigger | null {
  const { diagnoses, lastingMs = 0 } = trigger
  const episode = open.find(
    ({ concern, diagnosis, detectedAt }) =>
      concern === 'performance' && diagnoses.includes(diagnosis) && at - detectedAt >= lastingMs,
  )
  return episode === undefined ? null : firedByEpisode(trigger, episode)
}
