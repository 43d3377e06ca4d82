import type { ConfiguredModel } from '../config/options.ts'
import type { Candidate } from '../consumers/judge-trained.ts'
import { trainCandidate } from '../consumers/train-candidate.ts'
import type { CommandEvent } from '../events/command-event.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import type { DeploymentEvent } from '../events/deployment-event.ts'
import { DEFAULT_MAPPING } from '../events/mapping.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import type { Log } from '../log/port.ts'
import { advanceRollout, type RolloutInput } from '../retraining/rollout.ts'
import { andThen, type RolloutResult, type TrainEffect } from '../retraining/rollout-result.ts'
import { initialRolloutState, type RolloutState } from '../retraining/rollout-state.ts'
import type { Trainer } from '../retraining/trainers/trainer.ts'
import type { Reference } from '../sketches/types.ts'

/** What the person says who is asked to approve a candidate; `none`: nothing, so the configured timeout decides. */
export const APPROVAL_ANSWERS = ['yes', 'no', 'none'] as const
export type ApprovalAnswer = (typeof APPROVAL_ANSWERS)[number]

/** Where the rows of a course lie, and where its candidates are put. */
export interface RolloutSurroundings {
  readonly log: Log
  readonly topics: { readonly features: string; readonly labels: string; readonly references: string }
  readonly artifacts: string
  readonly trainingTimeMs: number
  readonly approval: ApprovalAnswer
  trainerOf(model: ConfiguredModel): Trainer
}

/** What came of a request: told in this order, the reference before the version that is judged by it serves. */
export interface RolloutNews {
  readonly reference: Reference | null
  readonly events: readonly DeploymentEvent[]
}

/**
 * The retrainer of a replay: the same answers to requests, the same preparation, gates and stages, on the log
 * of a course. A training is run when it is asked for, on what the log holds then, and has its outcome when
 * the time that a training takes has passed in the stream. Who is asked for approval answers at once, or
 * never; a wait that nobody ends is measured by stream time.
 */
export class ReplayedRollouts {
  readonly #models: ReadonlyMap<string, ConfiguredModel>
  readonly #surroundings: RolloutSurroundings
  readonly #states = new Map<string, RolloutState>()
  #due: { readonly at: number; readonly model: string; readonly candidate: Candidate }[] = []
  /** Stream time at which a wait for approval is over, by model. */
  readonly #waits = new Map<string, number>()

  constructor(models: ReadonlyMap<string, ConfiguredModel>, surroundings: RolloutSurroundings) {
    this.#models = models
    this.#surroundings = surroundings
  }

  /** Stream time at which the next training has its outcome, or the next wait is over; Infinity where none is. */
  get dueAt(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#due.map(({ at }) => at), ...this.#waits.values())
  }

  /** Answers a request at stream time `now`, and trains. A model without a trainer leaves it unanswered. */
  async request(request: RetrainRequest, now: number): Promise<readonly DeploymentEvent[]> {
    const model = this.#models.get(request.model)
    if (model === undefined || model.trainer === null) return []
    const { events, effects } = this.#advance(model, { kind: 'request', request }, now)
    const told = [...events]
    for (const effect of effects) {
      if (effect.kind !== 'train') continue
      const { candidate, began } = await this.#train(model, effect, now)
      told.push(...began)
      this.#due.push({ at: now + this.#surroundings.trainingTimeMs, model: model.name, candidate })
    }
    return told
  }

  /** What a comparison makes of a candidate on live events, or of a promotion that is watched. */
  compared(comparison: ComparisonEvent, now: number): readonly DeploymentEvent[] {
    const model = this.#models.get(comparison.model)
    return model === undefined ? [] : this.#advance(model, { kind: 'compared', comparison }, now).events
  }

  /** The outcomes that are due at stream time `now`. */
  settle(now: number): RolloutNews[] {
    const due = this.#due.filter(({ at }) => at <= now)
    this.#due = this.#due.filter(({ at }) => at > now)
    const trained = due.map(({ at, model, candidate }) => {
      const { events } = this.#advance(this.#models.get(model)!, candidate, at)
      return { reference: candidate.kind === 'judged' ? candidate.reference : null, events }
    })
    const over = [...this.#waits].filter(([, at]) => at <= now)
    const timedOut = over.map(([model, at]) => {
      const { events } = this.#advance(this.#models.get(model)!, { kind: 'tick', stalled: false }, at)
      return { reference: null, events }
    })
    return [...trained, ...timedOut]
  }

  async #train(model: ConfiguredModel, effect: TrainEffect, now: number) {
    const { log, topics, artifacts, trainingTimeMs } = this.#surroundings
    const began: DeploymentEvent[] = []
    const requestId = effect.request.id
    const dueAt = now + trainingTimeMs
    const candidate = await trainCandidate(
      effect,
      model,
      this.#surroundings.trainerOf(model),
      { mapping: DEFAULT_MAPPING, artifacts, topics: { names: topics } },
      { log, clock: { now: () => dueAt } },
      {
        submitted: async (job, lost) => {
          const input = { kind: 'submitted', requestId, job, ...(lost && { lost }) } as const
          began.push(...this.#advance(model, input, now).events)
        },
        delivered: (artifact) => {
          began.push(...this.#advance(model, { kind: 'delivered', requestId, artifact }, now).events)
        },
      },
      new AbortController().signal,
    )
    // Nobody stops it, so it has an end.
    return { candidate: candidate!, began }
  }

  #advance(model: ConfiguredModel, input: RolloutInput, now: number): RolloutResult {
    const state = this.#states.get(model.name) ?? initialRolloutState(model.name, model.version)
    const result = advanceRollout(state, input, now, model.approval, model.rollout)
    this.#states.set(model.name, result.state)
    const { current } = result.state
    this.#waits.delete(model.name)
    if (current?.stage !== 'awaiting-approval') return result
    const { approval } = this.#surroundings
    if (approval === 'none') {
      this.#waits.set(model.name, current.since + (model.approval?.timeoutMs ?? 0))
      return result
    }
    const command = commandOf(model.name, current.requestId, approval, now)
    return andThen(result, () => this.#advance(model, { kind: 'command', command }, now))
  }
}

function commandOf(model: string, requestId: string, approval: 'yes' | 'no', now: number): CommandEvent {
  const kind = approval === 'yes' ? 'approve' : 'reject'
  const id = stableId('command', model, kind, requestId, 'replay', now)
  return { id, model, at: now, by: 'replay', reason: '', kind, requestId }
}
