import type { DeploymentEvent, DeploymentStage, TrainerJob } from '../events/deployment-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import {
  applyRolloutEvent,
  type Rollout,
  type RolloutState,
  rolloutEvent,
  type StageDetails,
} from './rollout-state.ts'

/**
 * Train, compare on the holdout, and come back with `submitted`, `delivered`, and `judged` or
 * `training-failed`. With a job the training has been handed over before: ask after it, hand over nothing.
 */
export interface TrainEffect {
  readonly kind: 'train'
  readonly request: RetrainRequest
  readonly fromVersion: string
  readonly toVersion: string
  readonly job: TrainerJob | null
  /** How often a lost job was handed over again before. */
  readonly restarts: number
  /** When the request was taken up, epoch ms. */
  readonly acceptedAt: number
}

/** End whatever is under way for this request; nobody waits for its result any more. */
export interface CancelEffect {
  readonly kind: 'cancel'
  readonly requestId: string
  readonly job: TrainerJob | null
}

export type RolloutEffect = TrainEffect | CancelEffect

export interface RolloutResult {
  readonly state: RolloutState
  readonly events: readonly DeploymentEvent[]
  readonly effects: readonly RolloutEffect[]
}

/** Brings a rollout to a stage, by the event that says so. */
export function emit(
  state: RolloutState,
  rollout: Rollout,
  stage: DeploymentStage,
  reason: string,
  now: number,
  details: StageDetails = {},
): RolloutResult {
  const event = rolloutEvent(state.model, rollout, stage, reason, now, details)
  return { state: applyRolloutEvent(state, event), events: [event], effects: [] }
}

/** One result after another, the second from the state that the first left. */
export function andThen(first: RolloutResult, next: (state: RolloutState) => RolloutResult): RolloutResult {
  const second = next(first.state)
  return {
    state: second.state,
    events: [...first.events, ...second.events],
    effects: [...first.effects, ...second.effects],
  }
}

export function unchanged(state: RolloutState): RolloutResult {
  return { state, events: [], effects: [] }
}
