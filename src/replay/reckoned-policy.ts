import type { DeploymentStage } from '../events/deployment-event.ts'
import type { ModelOptions } from '../steps/options.ts'
import { windowsReachMs } from '../steps/plan-windows.ts'
import type { ModelCourse } from './course.ts'
import { type KnownChange, reckon } from './known-changes.ts'
import type { ModelDecisions } from './policy-track.ts'
import type { PolicyOnModel } from './result.ts'

/** What one policy decided of one model, held against what happened there and what is known. */
export function policyOnModel(
  decisions: ModelDecisions,
  courses: readonly ModelCourse[],
  changes: readonly KnownChange[],
  models: ReadonlyMap<string, ModelOptions>,
  paneMs: number,
): PolicyOnModel {
  const { model, requests } = decisions
  const course = courses.find((known) => known.model === model)
  const drift = course?.drift ?? []
  const deployments = course?.deployments ?? []
  const ended = (...stages: readonly DeploymentStage[]) =>
    deployments.filter(({ stage }) => stages.includes(stage)).length
  const options = models.get(model)
  const trailMs = options === undefined ? 0 : windowsReachMs(options, paneMs)
  return {
    ...decisions,
    promoted: ended('promoted'),
    rejected: ended('rejected', 'failed', 'timed-out', 'refused', 'cancelled', 'superseded'),
    rolledBack: ended('rolled-back'),
    answeredEpisodes: new Set(requests.flatMap(({ episodeId }) => episodeId ?? [])).size,
    reckoning: reckon(model, changes, drift, requests, trailMs),
  }
}
