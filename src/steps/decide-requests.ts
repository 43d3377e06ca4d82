import { openEpisodes } from '../detectors/episodes.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { decideRetrain } from '../triggers/decide.ts'
import type { TriggerObservation } from '../triggers/observation.ts'
import type { TriggerPolicy } from '../triggers/policy.ts'
import type { TriggerState } from '../triggers/state.ts'
import type { DetectState, ModelState } from './detect-state.ts'
import { retrainRequest } from './retrain-request.ts'

/** By which policy a model is asked, and where what its triggers remember is kept. */
export interface PolicyMemory {
  policyOf(model: ModelState): TriggerPolicy
  triggerOf(model: ModelState): TriggerState
  remember(model: ModelState, trigger: TriggerState): void
  /** What lies before it is forgotten, epoch ms: labels that were counted, stretches that were broken. */
  knownFrom(model: ModelState): number
}

/** The policy that each model is configured with, and the memory of the state itself. */
const OWN_POLICY: PolicyMemory = {
  policyOf: ({ options }) => options.policy,
  triggerOf: ({ trigger }) => trigger,
  remember(model, trigger) {
    model.trigger = trigger
  },
  knownFrom: () => Number.NEGATIVE_INFINITY,
}

/**
 * Asks the policy of every model, after all of them have been judged at the pane that ends at `end`: those
 * of higher priority first, those of the same by name, so that a place in the queue goes to whom it should.
 * With a memory of their own several policies can be asked of one state; none of them changes it.
 * @param findings of each model, in every window that ends there
 */
export function decideRequests(
  state: DetectState,
  findings: ReadonlyMap<ModelState, readonly Finding[]>,
  end: number,
  memory: PolicyMemory = OWN_POLICY,
): RetrainRequest[] {
  const models = [...state.models.values()].sort(byPriority(memory))
  let inFlight = inFlightAt(models, end, memory)
  return models.flatMap((model) => {
    const policy = memory.policyOf(model)
    const since = memory.knownFrom(model)
    const own = inFlightAt([model], end, memory)
    const observation: TriggerObservation = {
      model: model.options.name,
      version: model.champion,
      at: end,
      openEpisodes: openEpisodes(model.episodes),
      findings: findings.get(model) ?? [],
      labelledUntil: end - model.options.windows.labelDelayMs,
      labelledIn: (range) => labelledIn(model, range, since),
      labelledTotal: model.labelledTotal,
      broken: model.broken.filter(({ toMs }) => toMs >= since),
      queued: inFlight - own,
    }
    const { state: trigger, decision } = decideRetrain(memory.triggerOf(model), observation, policy)
    memory.remember(model, trigger)
    inFlight += inFlightAt([model], end, memory) - own
    return decision === null ? [] : [retrainRequest(decision, state, model, end, policy)]
  })
}

function byPriority(memory: PolicyMemory): (a: ModelState, b: ModelState) => number {
  const priority = (model: ModelState) => memory.policyOf(model).priority
  return (a, b) => priority(b) - priority(a) || (a.options.name < b.options.name ? -1 : 1)
}

function inFlightAt(models: readonly ModelState[], end: number, memory: PolicyMemory): number {
  return models.reduce((sum, model) => {
    const isOpen = (since: number): boolean => end < since + memory.policyOf(model).inFlightTimeoutMs
    return sum + memory.triggerOf(model).inFlight.filter(({ since }) => isOpen(since)).length
  }, 0)
}

function labelledIn({ labelled }: ModelState, { fromMs, toMs }: TimeRange, since: number): number {
  const from = Math.max(fromMs, since)
  let count = 0
  for (const [start, of] of labelled) if (start >= from && start < toMs) count += of
  return count
}
