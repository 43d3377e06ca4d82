import { type FiredTrigger, firedByEpisode } from './fired-trigger.ts'
import type { OpenEpisode } from './observation.ts'
import type { EstimatedTrigger } from './policy.ts'

/**
 * Fires at every evaluation while an episode with one of the trigger's diagnoses is open whose evidence says
 * that performance, estimated from scores alone, has fallen. Where labels come, if late, such an episode is
 * one about the data; where none ever come it is one about performance.
 */
export function evaluateEstimated(
  trigger: EstimatedTrigger,
  open: readonly OpenEpisode[],
): FiredTrigger | null {
  const episode = open.find(
    ({ diagnosis, findings }) =>
      trigger.diagnoses.includes(diagnosis) &&
      findings.some(({ detector, verdict }) => detector === 'estimated-performance' && verdict === 'drifted'),
  )
  return episode === undefined ? null : firedByEpisode(trigger, episode)
}
