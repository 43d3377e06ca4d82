import { openEpisodes } from '../detectors/episodes.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { decideRetrain } from '../triggers/decide.ts'
import type { TriggerObservation } from '../triggers/observation.ts'
import type { DetectState, ModelState } from './detect-state.ts'
import { retrainRequest } from './retrain-request.ts'

/**
 * Asks the policy of every model, after all of them have been judged at the pane that ends at `end`: those
 * of higher priority first, those of the same by name, so that a place in the queue goes to whom it should.
 * @param findings of each model, in every window that ends there
 */
export function decideRequests(
  state: DetectState,
  findings: ReadonlyMap<ModelState, readonly Finding[]>,
  end: number,
): RetrainRequest[] {
  const models = [...state.models.values()].sort(byPriority)
  return models.flatMap((model) => {
    const observation: TriggerObservation = {
      model: model.options.name,
      version: model.champion,
      at: end,
      openEpisodes: openEpisodes(model.episodes),
      findings: findings.get(model) ?? [],
      labelledUntil: end - model.options.windows.labelDelayMs,
      labelledIn: (range) => labelledIn(model, range),
      labelledTotal: model.labelledTotal,
      broken: model.broken,
      queued: inFlightAt(models, end) - inFlightAt([model], end),
    }
    const { state: trigger, decision } = decideRetrain(model.trigger, observation, model.options.policy)
    model.trigger = trigger
    return decision === null ? [] : [retrainRequest(decision, state, model, end)]
  })
}

function byPriority({ options: a }: ModelState, { options: b }: ModelState): number {
  return b.policy.priority - a.policy.priority || (a.name < b.name ? -1 : 1)
}

function inFlightAt(models: readonly ModelState[], end: number): number {
  return models.reduce((sum, { trigger, options }) => {
    const isOpen = (since: number): boolean => end < since + options.policy.inFlightTimeoutMs
    return sum + trigger.inFlight.filter(({ since }) => isOpen(since)).length
  }, 0)
}

function labelledIn({ labelled }: ModelState, { fromMs, toMs }: TimeRange): number {
  let count = 0
  for (const [start, of] of labelled) if (start >= fromMs && start < toMs) count += of
  return count
}
