import type { ComparisonNumbers } from '../events/comparison-event.ts'
import {
  championAfter,
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
  /** How often a lost job has been handed over again. */
  readonly restarts: number
  readonly gates: readonly GateResult[]
  readonly artifact: string | null
  readonly referenceId: string | null
  /** The last stage at which it has met live events; null before the first. */
  readonly phase: 'shadow' | 'canary' | null
  /** When that stage began, epoch ms: all steps of a canary together. Null before the first. */
  readonly phaseSince: number | null
  /** Number of the canary's step, from 0. */
  readonly step: number
  /** Share of traffic that it answers now, 0 to 1. */
  readonly share: number
}

/** The rollouts of one model: who serves, who may follow. Plain data, rebuilt from the deployments topic. */
export interface RolloutState {
  readonly model: string
  /** The version that serves. */
  readonly champion: string
  /** Name of the candidate before, whatever became of it. */
  readonly lastCandidate: string | null
  readonly current: Rollout | null
  /** The promotion that is still watched; null where none is. */
  readonly watching: Rollout | null
  /** Requests that have had an answer, oldest first: a repeat of one is recognised. */
  readonly answered: readonly string[]
}

/** A repeat comes soon or never; beyond this many, the oldest answers are forgotten. */
export const ANSWERED_MAX = 1000

/** `version` is the champion before any promotion. */
export function initialRolloutState(model: string, version: string): RolloutState {
  return { model, champion: version, lastCandidate: null, current: null, watching: null, answered: [] }
}

/** What an event makes of the state, live as in a replay: the only place where it changes. */
export function applyRolloutEvent(before: RolloutState, event: DeploymentEvent): RolloutState {
  const { requestId, stage, fromVersion, toVersion, artifact, referenceId, gates, at } = event
  // What follows a promotion comes after it was the end of the request.
  const state = afterPromotion(before, event)

  const current = state.current?.requestId === requestId ? state.current : null
  if (current === null && state.answered.includes(requestId)) return state
  const answered = current === null ? [...state.answered, requestId].slice(-ANSWERED_MAX) : state.answered
  if (stage === 'refused') return { ...state, answered }
  const step = event.step ?? current?.step ?? 0
  // An event written twice is read twice: the stage it came to first is the one that counts.
  const since = current?.stage === stage && current.step === step ? current.since : at

  const request = event.request ?? current?.request ?? null
  const job = event.job ?? current?.job ?? null
  const restarts = event.restarts ?? current?.restarts ?? 0
  const phase = stage === 'shadow' || stage === 'canary' ? stage : (current?.phase ?? null)
  const phaseSince = phase === (current?.phase ?? null) ? (current?.phaseSince ?? null) : at
  const versions = { requestId, fromVersion, toVersion }
  const live = { phase, phaseSince, step, share: event.trafficShare }
  const trained = { request, job, restarts, gates, artifact, referenceId }
  const rollout: Rollout = { ...versions, stage, since, ...trained, ...live }
  const ours = TERMINAL_STAGES.has(stage) ? null : rollout
  return {
    ...state,
    champion: championAfter(state.champion, event),
    watching: stage === 'promoted' ? (event.watched === true ? rollout : null) : state.watching,
    lastCandidate: toVersion,
    current: current === null && state.current !== null ? state.current : ours,
    answered,
  }
}

/** A watch ends with the version's confirmation, or with its roll-back, which any promotion can have. */
function afterPromotion(state: RolloutState, event: DeploymentEvent): RolloutState {
  const { stage, requestId } = event
  const watching = state.watching?.requestId === requestId && stage !== 'promoted' ? null : state.watching
  if (stage !== 'rolled-back') return watching === state.watching ? state : { ...state, watching }
  return { ...state, champion: championAfter(state.champion, event), watching }
}

/** What an event says of its stage beside the rollout itself. */
export interface StageDetails {
  readonly trafficShare?: number
  readonly step?: number
  readonly restarts?: number
  readonly watched?: boolean
  readonly comparison?: ComparisonNumbers
}

/** The event that brings a rollout to a stage; its id is a hash of request, stage and step. */
export function rolloutEvent(
  model: string,
  rollout: Rollout,
  stage: DeploymentStage,
  reason: string,
  now: number,
  details: StageDetails = {},
): DeploymentEvent {
  const { requestId, fromVersion, toVersion, gates, artifact, referenceId } = rollout
  return {
    id: stableId('deployment', model, requestId, stage, ...occasion(stage, rollout, details)),
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
    trafficShare: shareAt(stage, rollout),
    ...details,
    reason,
  }
}

/** Of what can come more than once in a rollout, which time it is. */
function occasion(
  stage: DeploymentStage,
  { phase }: Rollout,
  { step, restarts }: StageDetails,
): (string | number)[] {
  if (step !== undefined && step > 0) return [step]
  if (restarts !== undefined) return [restarts]
  return stage === 'awaiting-approval' && phase !== null ? [phase] : []
}

/** Who is asked about keeps what it has; who is turned away has nothing. */
function shareAt(stage: DeploymentStage, { share }: Rollout): number {
  if (stage === 'promoted' || stage === 'confirmed') return 1
  return stage === 'awaiting-approval' ? share : 0
}
