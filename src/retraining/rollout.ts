import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { CommandEvent } from '../events/command-event.ts'
import type { DeploymentEvent, DeploymentStage, GateResult, TrainerJob } from '../events/deployment-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { APPROVAL_DEFAULTS, type ApprovalOptions } from './approval.ts'
import { candidateVersion } from './candidate-version.ts'
import { applyRolloutEvent, type Rollout, type RolloutState, rolloutEvent } from './rollout-state.ts'

export type RolloutInput =
  | { readonly kind: 'request'; readonly request: RetrainRequest }
  /** An event of our own, read back from the log. */
  | { readonly kind: 'deployment'; readonly event: DeploymentEvent }
  /** The log has been read to its end: go on with what was under way. */
  | { readonly kind: 'resume' }
  /** Time has passed. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'command'; readonly command: CommandEvent }
  /** The training was handed over; nobody has asked after it yet. */
  | { readonly kind: 'submitted'; readonly requestId: string; readonly job: TrainerJob }
  /** The trainer has delivered; what it is worth is not known yet. */
  | { readonly kind: 'delivered'; readonly requestId: string; readonly artifact: string }
  | {
      readonly kind: 'training-failed'
      readonly requestId: string
      readonly reason: string
      readonly timedOut?: boolean
    }
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

/** Stages at which a newer request takes the place of the one before: nothing runs that would be lost. */
const SUPERSEDABLE: ReadonlySet<DeploymentStage> = new Set(['awaiting-approval'])

/**
 * One step of a model's rollouts: accepted → training → validating → validated → (awaiting-approval) →
 * promoted; or refused, rejected, failed, timed out, cancelled, superseded.
 *
 * The state changes by its own events alone, live as in a replay, so what a restart reads from the log is
 * what was there before. A request is answered once: one for another champion or beside a training under way
 * is refused, one beside a candidate that waits for approval takes its place, a repeat is ignored; so are
 * results of a rollout that is over. Event ids are a hash of request and stage: an event written twice is
 * recognised.
 *
 * `now`: time of the events, epoch ms.
 * @throws STATE_IMPOSSIBLE when the request is for another model
 */
export function advanceRollout(
  state: RolloutState,
  input: RolloutInput,
  now: number,
  approval: ApprovalOptions = APPROVAL_DEFAULTS,
): RolloutResult {
  const { current } = state
  switch (input.kind) {
    case 'request':
      return answerRequest(state, input.request, now)
    case 'deployment':
      return { ...unchanged(state), state: applyRolloutEvent(state, input.event) }
    case 'resume':
      return resume(state, now, approval)
    case 'tick':
      return current?.stage === 'awaiting-approval' ? expire(state, current, now, approval) : unchanged(state)
    case 'command':
      return obey(state, input.command, now)
    case 'submitted':
      if (current?.requestId === input.requestId && current.stage === 'accepted') {
        const text = `handed over to the ${input.job.backend} trainer`
        return emit(state, { ...current, job: input.job }, 'training', text, now)
      }
      // Its rollout ended while it was handed over: nobody will ask after it.
      return current?.requestId === input.requestId
        ? unchanged(state)
        : { ...unchanged(state), effects: [{ kind: 'cancel', requestId: input.requestId, job: input.job }] }
    case 'delivered':
      return current?.requestId === input.requestId && current.stage === 'training'
        ? emit(
            state,
            { ...current, artifact: input.artifact },
            'validating',
            'the trainer has delivered',
            now,
          )
        : unchanged(state)
    case 'training-failed':
      return current?.requestId === input.requestId && isTraining(current)
        ? emit(state, current, input.timedOut === true ? 'timed-out' : 'failed', input.reason, now)
        : unchanged(state)
    case 'judged':
      return settle(state, input, now, approval)
  }
}

function answerRequest(state: RolloutState, request: RetrainRequest, now: number): RolloutResult {
  if (request.model !== state.model) {
    const message = `expected a request for model ${state.model}, got one for ${request.model}`
    throw new DriftstreamError('STATE_IMPOSSIBLE', message, { requestId: request.id })
  }
  if (state.answered.includes(request.id)) return unchanged(state)
  const { version } = request
  const asked: Rollout = {
    requestId: request.id,
    fromVersion: version,
    toVersion: version,
    stage: 'accepted',
    since: now,
    request,
    job: null,
    gates: [],
    artifact: null,
    referenceId: null,
  }
  const reason = refusal(state, request)
  if (reason !== null) return emit(state, asked, 'refused', reason, now)

  const { current } = state
  const ended =
    current === null
      ? unchanged(state)
      : emit(state, current, 'superseded', `request ${request.id} has come since`, now)
  const toVersion = candidateVersion(state.champion, state.lastCandidate)
  const accepted = emit(ended.state, { ...asked, toVersion }, 'accepted', request.trigger.reason, now)
  return {
    state: accepted.state,
    events: [...ended.events, ...accepted.events],
    effects: [trainEffect(request, toVersion, null)],
  }
}

function refusal({ champion, current }: RolloutState, request: RetrainRequest): string | null {
  if (current !== null && !SUPERSEDABLE.has(current.stage)) {
    return `version ${current.toVersion} is on its way (${current.stage}), by request ${current.requestId}`
  }
  if (request.version === champion) return null
  return `the request would replace version ${request.version}, but version ${champion} serves`
}

/** A command that fits no candidate on its way is late, or a repeat: it changes nothing. */
function obey(state: RolloutState, command: CommandEvent, now: number): RolloutResult {
  const { current } = state
  if (current === null || !('requestId' in command) || command.requestId !== current.requestId) {
    return unchanged(state)
  }
  const who = command.reason === '' ? command.by : `${command.by}: ${command.reason}`
  const waiting = current.stage === 'awaiting-approval'
  switch (command.kind) {
    case 'approve':
      return waiting ? promote(state, current, `approved by ${who}`, now) : unchanged(state)
    case 'reject':
      return waiting ? emit(state, current, 'rejected', `rejected by ${who}`, now) : unchanged(state)
    case 'cancel': {
      const cancelled = emit(state, current, 'cancelled', `cancelled by ${who}`, now)
      const { requestId, job } = current
      return isTraining(current) ? { ...cancelled, effects: [{ kind: 'cancel', requestId, job }] } : cancelled
    }
    default:
      return unchanged(state)
  }
}

function settle(
  state: RolloutState,
  { requestId, passed, gates, artifact, referenceId }: Extract<RolloutInput, { kind: 'judged' }>,
  now: number,
  approval: ApprovalOptions,
): RolloutResult {
  const { current } = state
  if (current?.requestId !== requestId || !isTraining(current)) return unchanged(state)
  const rollout = { ...current, gates, artifact, referenceId }
  if (!passed) {
    const shut = gates.filter((gate) => !gate.passed)
    const reason = shut.map(({ gate, message }) => `${gate}: ${message}`).join('; ') || 'a gate did not pass'
    return emit(state, rollout, 'rejected', reason, now)
  }
  const validated = emit(state, rollout, 'validated', 'all gates passed', now)
  const next = afterValidation(validated.state, rollout, now, approval)
  return { ...next, events: [...validated.events, ...next.events] }
}

function afterValidation(
  state: RolloutState,
  rollout: Rollout,
  now: number,
  approval: ApprovalOptions,
): RolloutResult {
  if (!approval.required) return promote(state, rollout, 'all gates passed', now)
  const until = new Date(now + approval.timeoutMs).toISOString()
  const reason = `all gates passed; without an answer until ${until}: ${approval.onTimeout}`
  return emit(state, rollout, 'awaiting-approval', reason, now)
}

function expire(
  state: RolloutState,
  rollout: Rollout,
  now: number,
  { timeoutMs, onTimeout }: ApprovalOptions,
): RolloutResult {
  if (now < rollout.since + timeoutMs) return unchanged(state)
  const reason = `nobody answered within ${timeoutMs} ms`
  return onTimeout === 'promote'
    ? promote(state, rollout, reason, now)
    : emit(state, rollout, 'timed-out', reason, now)
}

/** A candidate replaces the version it was measured against, and no other. */
function promote(state: RolloutState, rollout: Rollout, reason: string, now: number): RolloutResult {
  const { champion } = state
  if (rollout.fromVersion === champion) return emit(state, rollout, 'promoted', reason, now)
  const changed = `measured against version ${rollout.fromVersion}, but version ${champion} serves`
  return emit(state, rollout, 'failed', changed, now)
}

function resume(state: RolloutState, now: number, approval: ApprovalOptions): RolloutResult {
  const { current } = state
  if (current?.stage === 'validated') return afterValidation(state, current, now, approval)
  if (current === null || !isTraining(current)) return unchanged(state)
  if (current.request === null) {
    const reason = 'the event with the request is no longer in the log, so the training cannot be resumed'
    return emit(state, current, 'failed', reason, now)
  }
  return { ...unchanged(state), effects: [trainEffect(current.request, current.toVersion, current.job)] }
}

/** Something is under way for it outside of the log. */
function isTraining({ stage }: Rollout): boolean {
  return stage === 'accepted' || stage === 'training' || stage === 'validating'
}

function emit(
  state: RolloutState,
  rollout: Rollout,
  stage: DeploymentStage,
  reason: string,
  now: number,
): RolloutResult {
  const event = rolloutEvent(state.model, rollout, stage, reason, now)
  return { state: applyRolloutEvent(state, event), events: [event], effects: [] }
}

function unchanged(state: RolloutState): RolloutResult {
  return { state, events: [], effects: [] }
}

function trainEffect(request: RetrainRequest, toVersion: string, job: TrainerJob | null): TrainEffect {
  return { kind: 'train', request, fromVersion: request.version, toVersion, job }
}
