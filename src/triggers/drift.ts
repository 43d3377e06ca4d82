import { type FiredTrigger, firedByEpisode } from './fired-trigger.ts'
import type { OpenEpisode } from './observation.ts'
import type { DriftTrigger } from './policy.ts'

/** Fires at every evaluation while a data episode with one of the trigger's diagnoses is open. */
export function evaluateDrift(trigger: DriftTrigger, open: readonly OpenEpisode[]): FiredTrigger | null {
  const episode = open.find((e) => e.concern === 'data' && trigger.diagnoses.includes(e.diagnosis))
  return episode === undefined ? null : firedByEpisode(trigger, episode)
}
