import { type EpisodeChange, initialEpisodes, resolveEpisodes } from '../detectors/episodes.ts'
import type { DriftEvent } from '../events/drift-event.ts'
import { stableId } from '../events/stable-id.ts'
import type { ModelState } from './detect-state.ts'

/** What the world is told of a change of an episode, at event time `at`. */
export function driftEvent(
  { state, episode }: EpisodeChange,
  model: ModelState,
  referenceId: string,
  at: number,
  summary: string = episode.summary,
): DriftEvent {
  return {
    id: stableId('drift', episode.id, state, at),
    episodeId: episode.id,
    model: model.options.name,
    version: model.champion,
    concern: episode.concern,
    state,
    changedAt: episode.changedAt,
    detectedAt: episode.detectedAt,
    at,
    window: episode.window,
    diagnosis: episode.diagnosis,
    referenceId,
    findings: [...episode.findings],
    summary: state === 'resolved' ? `over: ${summary}` : summary,
  }
}

/** Makes a version the champion, at log time `at`; what was open about the one before is resolved. */
export function changeChampion(model: ModelState, version: string, at: number): DriftEvent[] {
  const referenceId = model.references.get(model.champion)?.id ?? ''
  const { changes } = resolveEpisodes(model.episodes)
  const resolved = changes.map((change) =>
    driftEvent(change, model, referenceId, at, `version ${version} serves instead`),
  )
  model.champion = version
  model.episodes = initialEpisodes(model.options.name, version)
  return resolved
}
