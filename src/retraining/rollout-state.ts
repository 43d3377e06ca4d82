import {
  type DeploymentEvent,
  type DeploymentStage,
  type GateResult,
  TERMINAL_STAGES,
  type TrainerJob,
} from '../events/deployment-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'

/** A candidate on its way. Everything in it stands in the deployment events that brought it here. */
export interface Rollout {
  readonly requestId: string
  readonly fromVersion: string
  readonly toVersion: string
  readonly stage: DeploymentStage
  /** When it came to its stage, epoch ms: a wait for approval counts from it. */
  readonly since: number
  /** Null where the event that carried it is no longer in the log. */
  readonly request: RetrainRequest | null
  /** The training that was handed over; null before it was. */
  readonly job: TrainerJob | null
  readonly gates: readonly GateResult[]
  readonly artifact: string | null
  readonly referenceId: string | null
}

/** The rollouts of one model: who serves, who may follow. Plain data, rebuilt from the deployments topic. */
export interface RolloutState {
  readonly model: string
  /** The version that serves. */
  readonly champion: string
  /** Name of the candidate before, whatever became of it. */
  readonly lastCandidate: string | null
  readonly current: Rollout | null
  /** Requests that have had an answer, oldest first: a repeat of one is recognised. */
  readonly answered: readonly string[]
}

/** A repeat comes soon or never; beyond this many, the oldest answers are forgotten. */
export const ANSWERED_MAX = 1000

/** `version` is the champion before any promotion. */
export function initialRolloutState(model: string, version: string): RolloutState {
  return { model, champion: version, lastCandidate: null, current: null, answered: [] }
}

/** What an event makes of the state, live as in a replay: the only place where it changes. */
export function applyRolloutEvent(before: RolloutState, event: DeploymentEvent): RolloutState {
  const { requestId, stage, fromVersion, toVersion, artifact, referenceId, gates, at } = event
  // A roll-back comes after its promotion was the end of the request.
  const rolledBack = stage === 'rolled-back' && before.champion === toVersion
  const state = rolledBack ? { ...before, champion: fromVersion } : before

  const current = state.current?.requestId === requestId ? state.current : null
  if (current === null && state.answered.includes(requestId)) return state
  const answered = current === null ? [...state.answered, requestId].slice(-ANSWERED_MAX) : state.answered
  if (stage === 'refused') return { ...state, answered }
  // An event written twice is read twice: the stage it came to first is the one that counts.
  const since = current?.stage === stage ? current.since : at

  const request = event.request ?? current?.request ?? null
  const job = event.job ?? current?.job ?? null
  const versions = { requestId, fromVersion, toVersion }
  const rollout = { ...versions, stage, since, request, job, gates, artifact, referenceId }
  const ours = TERMINAL_STAGES.has(stage) ? null : rollout
  return {
    ...state,
    champion: stage === 'promoted' ? toVersion : state.champion,
    lastCandidate: toVersion,
    current: current === null && state.current !== null ? state.current : ours,
    answered,
  }
}

/** The event that brings a rollout to a stage; its id is a hash of request and stage. */
export function rolloutEvent(
  model: string,
  rollout: Rollout,
  stage: DeploymentStage,
  reason: string,
  now: number,
): DeploymentEvent {
  const { requestId, fromVersion, toVersion, gates, artifact, referenceId } = rollout
  return {
    id: stableId('deployment', model, requestId, stage),
    requestId,
    model,
    fromVersion,
    toVersion,
    stage,
    at: now,
    request: stage === 'accepted' ? rollout.request : null,
    ...(stage === 'training' && rollout.job !== null ? { job: rollout.job } : {}),
    gates: [...gates],
    artifact,
    referenceId,
    trafficShare: stage === 'promoted' ? 1 : 0,
    reason,
  }
}
