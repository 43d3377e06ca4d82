import type { DeploymentEvent } from '../events/deployment-event.ts'
import type { RetrainRequest, SuppressedTrigger } from '../events/retrain-request.ts'
import { memoryMs } from '../steps/close-panes.ts'
import type { PolicyMemory } from '../steps/decide-requests.ts'
import type { ModelState } from '../steps/detect-state.ts'
import type { ModelOptions, StreamOptions } from '../steps/options.ts'
import type { TriggerPolicy } from '../triggers/policy.ts'
import { applyDeployment, initialTriggerState, type TriggerState } from '../triggers/state.ts'

/** Policies to be replayed: by what name, and which for which model. */
export interface NamedPolicy {
  readonly name: string
  /** A model without one keeps that of its configuration. */
  readonly policies: ReadonlyMap<string, TriggerPolicy>
}

/** What becomes of a request where nothing is trained. */
export type Answer =
  /** It ends so long after it was made, and the version goes on serving: the cooldown counts. */
  | { readonly kind: 'ends'; readonly afterMs: number }
  /** Nobody answers: it is in flight until the policy gives it up. */
  | { readonly kind: 'none' }

/** What one policy did with one model. */
export interface ModelDecisions {
  readonly model: string
  readonly fired: number
  readonly requested: number
  readonly suppressed: readonly { readonly guard: string; readonly count: number }[]
  readonly requests: readonly RetrainRequest[]
  /** Every run of firings that a guard held back, in time order. */
  readonly held: readonly SuppressedTrigger[]
}

/**
 * One policy asked beside others: the state that it decides on is shared and stays as it is, what its
 * triggers remember is its own.
 */
export class PolicyTrack implements PolicyMemory {
  readonly name: string
  readonly #policies: ReadonlyMap<string, TriggerPolicy>
  readonly #triggers = new Map<string, TriggerState>()
  readonly #requests: RetrainRequest[] = []
  readonly #stream: StreamOptions
  readonly #answer: Answer
  #pending: { readonly request: RetrainRequest; readonly dueAt: number }[] = []
  /** Up to where panes had closed when what is old was last forgotten. */
  #forgottenUntil: number | null = null

  constructor({ name, policies }: NamedPolicy, stream: StreamOptions, answer: Answer) {
    this.name = name
    this.#policies = policies
    this.#stream = stream
    this.#answer = answer
  }

  policyOf({ options }: ModelState): TriggerPolicy {
    return this.#policies.get(options.name) ?? options.policy
  }

  triggerOf({ options }: ModelState): TriggerState {
    return this.#triggers.get(options.name) ?? initialTriggerState()
  }

  remember({ options }: ModelState, trigger: TriggerState): void {
    this.#triggers.set(options.name, trigger)
  }

  /** The state remembers for the policy that looks back furthest; this one knows no more than it would alone. */
  knownFrom(model: ModelState): number {
    if (this.#forgottenUntil === null) return Number.NEGATIVE_INFINITY
    return this.#forgottenUntil - memoryMs(model.options, this.policyOf(model), this.#stream)
  }

  /** Panes are about to close: `closedUntil` is where the last of them ended, `now` is stream time. */
  begin(closedUntil: number | null, now: number): void {
    this.#forgottenUntil = closedUntil
    const due = this.#pending.filter(({ dueAt }) => dueAt <= now)
    this.#pending = this.#pending.filter(({ dueAt }) => dueAt > now)
    for (const { request, dueAt } of due) {
      const before = this.#triggers.get(request.model) ?? initialTriggerState()
      const at = closedUntil ?? dueAt
      this.#triggers.set(request.model, applyDeployment(before, endOf(request, at), at))
    }
  }

  /** Takes what was decided at stream time `now`. */
  decided(requests: readonly RetrainRequest[], now: number): void {
    this.#requests.push(...requests)
    if (this.#answer.kind === 'none') return
    for (const request of requests) {
      this.#pending.push({ request, dueAt: now + this.#answer.afterMs })
    }
  }

  /** What came of it, by model. */
  decisions(models: ReadonlyMap<string, ModelOptions>): ModelDecisions[] {
    return [...models.keys()].map((model) =>
      decisionsOf(
        model,
        this.#triggers.get(model) ?? initialTriggerState(),
        this.#requests.filter((request) => request.model === model),
      ),
    )
  }
}

/** What the triggers of a model remember in the end, and the requests that went before. */
export function decisionsOf(
  model: string,
  { counts, suppressed }: TriggerState,
  requests: readonly RetrainRequest[],
): ModelDecisions {
  const held = [...requests.flatMap((request) => request.suppressed), ...suppressed]
  const byGuard = counts.suppressed.toSorted((a, b) => b.count - a.count || (a.guard < b.guard ? -1 : 1))
  const { fired, requested } = counts
  return {
    model,
    fired,
    requested,
    suppressed: byGuard,
    requests,
    held: held.toSorted((a, b) => a.firstAt - b.firstAt || (a.guard < b.guard ? -1 : 1)),
  }
}

/** Nothing was trained, so nothing follows but the quiet after a request. */
function endOf({ id, model, version }: RetrainRequest, at: number): DeploymentEvent {
  return {
    id,
    requestId: id,
    model,
    fromVersion: version,
    toVersion: version,
    stage: 'rejected',
    at,
    request: null,
    gates: [],
    artifact: null,
    referenceId: null,
    trafficShare: 0,
    reason: 'nothing was trained',
  }
}
