import { DriftstreamError } from '../errors/driftstream-error.ts'
import {
  type DeploymentEvent,
  type DeploymentStage,
  type GateResult,
  TERMINAL_STAGES,
} from '../events/deployment-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import { candidateVersion } from './candidate-version.ts'

/** A candidate on its way. Everything in it stands in the deployment events that brought it here. */
export interface Rollout {
  readonly requestId: string
  readonly fromVersion: string
  readonly toVersion: string
  readonly stage: DeploymentStage
  /** Null where the event that carried it is no longer in the log. */
  readonly request: RetrainRequest | null
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

export type RolloutInput =
  | { readonly kind: 'request'; readonly request: RetrainRequest }
  /** An event of our own, read back from the log. */
  | { readonly kind: 'deployment'; readonly event: DeploymentEvent }
  /** The log has been read to its end: go on with what was under way. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'training-failed'; readonly requestId: string; readonly reason: string }
  | {
      readonly kind: 'judged'
      readonly requestId: string
      readonly passed: boolean
      readonly gates: readonly GateResult[]
      /** Null where nothing was trained. */
      readonly artifact: string | null
      /** The candidate's own reference, already published; null where none could be made. */
      readonly referenceId: string | null
    }

/** Train, compare on the holdout, and come back with `judged` or `training-failed`. */
export interface TrainEffect {
  readonly kind: 'train'
  readonly request: RetrainRequest
  readonly fromVersion: string
  readonly toVersion: string
}

export type RolloutEffect = TrainEffect

export interface RolloutResult {
  readonly state: RolloutState
  readonly events: readonly DeploymentEvent[]
  readonly effects: readonly RolloutEffect[]
}

/** A repeat comes soon or never; beyond this many, the oldest answers are forgotten. */
export const ANSWERED_MAX = 1000

/** `version` is the champion before any promotion. */
export function initialRolloutState(model: string, version: string): RolloutState {
  return { model, champion: version, lastCandidate: null, current: null, answered: [] }
}

/**
 * One step of a model's rollouts: training → validated → promoted, or rejected, failed, refused.
 *
 * The state changes by its own events alone, live as in a replay, so what a restart reads from the log is
 * what was there before. A request is answered once: one for another champion or beside a rollout under way
 * is refused, a repeat is ignored; so are results of a rollout that is over. Event ids are a hash of request
 * and stage: an event written twice is recognised.
 *
 * `now`: time of the events, epoch ms.
 * @throws STATE_IMPOSSIBLE when the request is for another model
 */
export function advanceRollout(state: RolloutState, input: RolloutInput, now: number): RolloutResult {
  switch (input.kind) {
    case 'request':
      return answerRequest(state, input.request, now)
    case 'deployment':
      return { state: applyEvent(state, input.event), events: [], effects: [] }
    case 'resume':
      return resume(state, now)
    case 'training-failed':
      return state.current?.requestId === input.requestId
        ? emit(state, [event(state.current, 'failed', input.reason, now, state.model)])
        : unchanged(state)
    case 'judged':
      return settle(state, input, now)
  }
}

function answerRequest(state: RolloutState, request: RetrainRequest, now: number): RolloutResult {
  if (request.model !== state.model) {
    const message = `expected a request for model ${state.model}, got one for ${request.model}`
    throw new DriftstreamError('STATE_IMPOSSIBLE', message, { requestId: request.id })
  }
  if (state.answered.includes(request.id)) return unchanged(state)
  const reason = refusal(state, request)
  const version = request.version
  const rollout = {
    ...blankRollout,
    requestId: request.id,
    fromVersion: version,
    toVersion: version,
    request,
  }
  if (reason !== null) return emit(state, [event(rollout, 'refused', reason, now, state.model)])

  const toVersion = candidateVersion(state.champion, state.lastCandidate)
  const training = event({ ...rollout, toVersion }, 'training', request.trigger.reason, now, state.model)
  return { ...emit(state, [training]), effects: [trainEffect(request, toVersion)] }
}

function refusal({ champion, current }: RolloutState, request: RetrainRequest): string | null {
  if (current !== null) {
    return `version ${current.toVersion} is on its way (${current.stage}), by request ${current.requestId}`
  }
  if (request.version === champion) return null
  return `the request would replace version ${request.version}, but version ${champion} serves`
}

function settle(
  state: RolloutState,
  { requestId, passed, gates, artifact, referenceId }: Extract<RolloutInput, { kind: 'judged' }>,
  now: number,
): RolloutResult {
  if (state.current?.requestId !== requestId || state.current.stage !== 'training') return unchanged(state)
  const rollout = { ...state.current, gates, artifact, referenceId }
  if (!passed) {
    const shut = gates.filter((gate) => !gate.passed)
    const reason = shut.map(({ gate, message }) => `${gate}: ${message}`).join('; ') || 'a gate did not pass'
    return emit(state, [event(rollout, 'rejected', reason, now, state.model)])
  }
  const validated = emit(state, [event(rollout, 'validated', 'all gates passed', now, state.model)])
  const promoted = promote(validated.state, rollout, now)
  return { ...promoted, events: [...validated.events, ...promoted.events] }
}

/** A candidate replaces the version it was measured against, and no other. */
function promote(state: RolloutState, rollout: Rollout, now: number): RolloutResult {
  const { model, champion } = state
  if (rollout.fromVersion === champion) {
    return emit(state, [event(rollout, 'promoted', 'all gates passed', now, model)])
  }
  const reason = `measured against version ${rollout.fromVersion}, but version ${champion} serves`
  return emit(state, [event(rollout, 'failed', reason, now, model)])
}

function resume(state: RolloutState, now: number): RolloutResult {
  const { current, model } = state
  if (current?.stage === 'validated') return promote(state, current, now)
  if (current?.stage !== 'training') return unchanged(state)
  if (current.request === null) {
    const reason = 'the training event is no longer in the log, so the training cannot be resumed'
    return emit(state, [event(current, 'failed', reason, now, model)])
  }
  return { ...unchanged(state), effects: [trainEffect(current.request, current.toVersion)] }
}

/** What an event makes of the state: the only place where it changes. */
function applyEvent(before: RolloutState, event: DeploymentEvent): RolloutState {
  const { requestId, stage, fromVersion, toVersion, artifact, referenceId, gates } = event
  // A roll-back comes after its promotion was the end of the request.
  const rolledBack = stage === 'rolled-back' && before.champion === toVersion
  const state = rolledBack ? { ...before, champion: fromVersion } : before

  const current = state.current?.requestId === requestId ? state.current : null
  if (current === null && state.answered.includes(requestId)) return state
  const answered = current === null ? [...state.answered, requestId].slice(-ANSWERED_MAX) : state.answered
  if (stage === 'refused') return { ...state, answered }

  const request = event.request ?? current?.request ?? null
  const rollout = { requestId, fromVersion, toVersion, stage, request, gates, artifact, referenceId }
  const ours = TERMINAL_STAGES.has(stage) ? null : rollout
  return {
    ...state,
    champion: stage === 'promoted' ? toVersion : state.champion,
    lastCandidate: toVersion,
    current: current === null && state.current !== null ? state.current : ours,
    answered,
  }
}

function emit(state: RolloutState, events: readonly DeploymentEvent[]): RolloutResult {
  return { state: events.reduce(applyEvent, state), events, effects: [] }
}

function unchanged(state: RolloutState): RolloutResult {
  return { state, events: [], effects: [] }
}

function trainEffect(request: RetrainRequest, toVersion: string): TrainEffect {
  return { kind: 'train', request, fromVersion: request.version, toVersion }
}

const blankRollout: Omit<Rollout, 'requestId' | 'fromVersion' | 'toVersion'> = {
  stage: 'training',
  request: null,
  gates: [],
  artifact: null,
  referenceId: null,
}

function event(
  rollout: Rollout,
  stage: DeploymentStage,
  reason: string,
  now: number,
  model: string,
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
    request: stage === 'training' ? rollout.request : null,
    gates: [...gates],
    artifact,
    referenceId,
    trafficShare: stage === 'promoted' ? 1 : 0,
    reason,
  }
}
