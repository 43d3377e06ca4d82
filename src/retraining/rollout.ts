import { lapse } from '../detectors/wording.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { CommandEvent } from '../events/command-event.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import type { DeploymentEvent, GateResult, TrainerJob } from '../events/deployment-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { APPROVAL_DEFAULTS, type ApprovalOptions } from './approval.ts'
import { candidateVersion } from './candidate-version.ts'
import { type RolloutOptions, STRAIGHT } from './rollout-options.ts'
import { andThen, emit, type RolloutResult, type TrainEffect, unchanged } from './rollout-result.ts'
import {
  afterApproval,
  afterGates,
  compare,
  endStalled,
  resumeStage,
  type StageRules,
} from './rollout-stages.ts'
import { applyRolloutEvent, type Rollout, type RolloutState } from './rollout-state.ts'

export type RolloutInput =
  /** `streamAt`: the stream time that is known where the request is read, epoch ms; absent: its own. */
  | { readonly kind: 'request'; readonly request: RetrainRequest; readonly streamAt?: number }
  /** An event of our own, read back from the log. */
  | { readonly kind: 'deployment'; readonly event: DeploymentEvent }
  /** The log has been read to its end: go on with what was under way. */
  | { readonly kind: 'resume' }
  /** Time has passed. `stalled`: nobody has told of the candidate for so long that nobody may be looking. */
  | { readonly kind: 'tick'; readonly stalled: boolean }
  | { readonly kind: 'command'; readonly command: CommandEvent }
  /** How the candidate, or the promoted version that is watched, has fared up to a pane's end. */
  | { readonly kind: 'compared'; readonly comparison: ComparisonEvent }
  /** The training was handed over; nobody has asked after it yet. With `lost` it is another job for the one that was. */
  | {
      readonly kind: 'submitted'
      readonly requestId: string
      readonly job: TrainerJob
      readonly lost?: { readonly restarts: number; readonly reason: string }
    }
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
 * One step of a model's rollouts: accepted → training → validating → validated → (shadow) → (awaiting-approval)
 * → (canary, step by step) → promoted → (confirmed); or refused, rejected, failed, timed-out, cancelled,
 * superseded, rolled-back.
 *
 * The state changes by its own events alone, live as in a replay, so what a restart reads from the log is
 * what was there before. A request is answered once: one for another champion or beside a training under way
 * is refused, as is one whose deadline has passed; one beside a candidate that waits for approval takes its
 * place, a repeat is ignored; so are results and comparisons of a rollout that is over. A candidate that meets
 * live events gives way to a person's request alone: a trigger that goes on firing would else never let one be promoted. Event ids are
 * a hash of request and stage: an event written twice is recognised.
 *
 * `now`: time of the events, epoch ms. A wait for approval is measured by it, the stages by the stream time
 * of their comparisons, and where those stay away by `now` as well.
 * @throws STATE_IMPOSSIBLE when the request is for another model
 */
export function advanceRollout(
  state: RolloutState,
  input: RolloutInput,
  now: number,
  approval: ApprovalOptions = APPROVAL_DEFAULTS,
  rollout: RolloutOptions = STRAIGHT,
): RolloutResult {
  const { current } = state
  const rules: StageRules = { approval, rollout }
  switch (input.kind) {
    case 'request':
      return answerRequest(state, input.request, input.streamAt ?? input.request.at, now)
    case 'deployment':
      return { ...unchanged(state), state: applyRolloutEvent(state, input.event) }
    case 'resume':
      return resume(state, now, rules)
    case 'tick':
      return current === null ? unchanged(state) : expire(state, current, input.stalled, now, rules)
    case 'command':
      return obey(state, input.command, now, rules)
    case 'compared':
      return compare(state, input.comparison, now, rules)
    case 'submitted':
      return handOver(state, input, now)
    case 'delivered': {
      if (current?.requestId !== input.requestId || current.stage !== 'training') return unchanged(state)
      const delivered = { ...current, artifact: input.artifact }
      return emit(state, delivered, 'validating', 'the trainer has delivered', now)
    }
    case 'training-failed':
      return current?.requestId === input.requestId && isTraining(current)
        ? emit(state, current, input.timedOut === true ? 'timed-out' : 'failed', input.reason, now)
        : unchanged(state)
    case 'judged':
      return settle(state, input, now, rules)
  }
}

function handOver(
  state: RolloutState,
  { requestId, job, lost }: Extract<RolloutInput, { kind: 'submitted' }>,
  now: number,
): RolloutResult {
  const { current } = state
  // Its rollout ended while it was handed over: nobody will ask after it.
  if (current?.requestId !== requestId) {
    return { ...unchanged(state), effects: [{ kind: 'cancel', requestId, job }] }
  }
  const text = `handed over to the ${job.backend} trainer`
  if (lost === undefined) {
    return current.stage === 'accepted'
      ? emit(state, { ...current, job }, 'training', text, now)
      : unchanged(state)
  }
  const { restarts, reason } = lost
  if (!isTraining(current) || restarts <= current.restarts) return unchanged(state)
  const words = `${text} again (restart ${restarts}), since the job was lost: ${reason}`
  return emit(state, { ...current, job, restarts }, 'training', words, now, { restarts })
}

function answerRequest(
  state: RolloutState,
  request: RetrainRequest,
  streamAt: number,
  now: number,
): RolloutResult {
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
    restarts: 0,
    gates: [],
    artifact: null,
    referenceId: null,
    phase: null,
    phaseSince: null,
    step: 0,
    share: 0,
  }
  const reason = overdue(request, streamAt) ?? refusal(state, request)
  if (reason !== null) return emit(state, asked, 'refused', reason, now)

  const text = `request ${request.id} has come since`
  const { current, watching } = state
  let before = unchanged(state)
  if (watching !== null) {
    before = andThen(before, (each) => emit(each, watching, 'confirmed', `watched no longer: ${text}`, now))
  }
  if (current !== null) before = andThen(before, (each) => emit(each, current, 'superseded', text, now))
  const toVersion = candidateVersion(state.champion, state.lastCandidate)
  return andThen(before, (each) => {
    const accepted = emit(each, { ...asked, toVersion }, 'accepted', request.trigger.reason, now)
    return { ...accepted, effects: [trainEffect({ ...asked, toVersion }, request)] }
  })
}

function overdue({ deadlineAt }: RetrainRequest, streamAt: number): string | null {
  if (deadlineAt === null || streamAt <= deadlineAt) return null
  const [deadline, time] = [deadlineAt, streamAt].map((ms) => new Date(ms).toISOString())
  return `its deadline, ${deadline} in stream time, has passed: it is ${time} there`
}

function refusal({ champion, current, watching }: RolloutState, request: RetrainRequest): string | null {
  const { version, trigger } = request
  const byPerson = trigger.kind === 'manual'
  if (current !== null && !givesWay(current, byPerson)) {
    return `version ${current.toVersion} is on its way (${current.stage}), by request ${current.requestId}`
  }
  if (watching !== null && !byPerson) {
    return `version ${watching.toVersion} is being watched, by request ${watching.requestId}`
  }
  if (version === champion) return null
  return `the request would replace version ${version}, but version ${champion} serves`
}

/** What only waits gives way to a newer request, what meets live events to a person's alone. */
function givesWay({ stage, share }: Rollout, byPerson: boolean): boolean {
  if (stage === 'awaiting-approval') return share === 0 || byPerson
  return byPerson && (stage === 'shadow' || stage === 'canary')
}

/** A command that fits no candidate on its way is late, or a repeat: it changes nothing. */
function obey(state: RolloutState, command: CommandEvent, now: number, rules: StageRules): RolloutResult {
  const { current, watching } = state
  if (!('requestId' in command)) return unchanged(state)
  const who = command.reason === '' ? command.by : `${command.by}: ${command.reason}`
  if (watching?.requestId === command.requestId && command.kind === 'cancel') {
    return emit(state, watching, 'rolled-back', `rolled back by ${who}`, now)
  }
  if (current === null || command.requestId !== current.requestId) return unchanged(state)
  const waiting = current.stage === 'awaiting-approval'
  switch (command.kind) {
    case 'approve':
      return waiting
        ? afterApproval(state, current, { reason: `approved by ${who}`, now }, rules)
        : unchanged(state)
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
  rules: StageRules,
): RolloutResult {
  const { current } = state
  if (current?.requestId !== requestId || !isTraining(current)) return unchanged(state)
  const rollout = { ...current, gates, artifact, referenceId }
  if (!passed) {
    const shut = gates.filter((gate) => !gate.passed)
    const reason = shut.map(({ gate, message }) => `${gate}: ${message}`).join('; ') || 'a gate did not pass'
    return emit(state, rollout, 'rejected', reason, now)
  }
  const validated = emit(state, rollout, 'validated', GATES_PASSED, now)
  return andThen(validated, (each) => afterGates(each, rollout, { reason: GATES_PASSED, now }, rules))
}

const GATES_PASSED = 'all gates passed'

function expire(
  state: RolloutState,
  rollout: Rollout,
  stalled: boolean,
  now: number,
  rules: StageRules,
): RolloutResult {
  if (rollout.stage !== 'awaiting-approval') {
    return stalled ? endStalled(state, rollout, now, rules) : unchanged(state)
  }
  const { timeoutMs, onTimeout } = rules.approval
  if (now < rollout.since + timeoutMs) return unchanged(state)
  const reason = `nobody answered within ${lapse(timeoutMs)}`
  return onTimeout === 'promote'
    ? afterApproval(state, rollout, { reason, now }, rules)
    : emit(state, rollout, 'timed-out', reason, now)
}

function resume(state: RolloutState, now: number, rules: StageRules): RolloutResult {
  const { current } = state
  if (current?.stage === 'validated') {
    return afterGates(state, current, { reason: GATES_PASSED, now }, rules)
  }
  if (current === null || !isTraining(current)) return resumeStage(state, now, rules)
  if (current.request === null) {
    const reason = 'the event with the request is no longer in the log, so the training cannot be resumed'
    return emit(state, current, 'failed', reason, now)
  }
  return { ...unchanged(state), effects: [trainEffect(current, current.request)] }
}

/** Something is under way for it outside of the log. */
function isTraining({ stage }: Rollout): boolean {
  return stage === 'accepted' || stage === 'training' || stage === 'validating'
}

function trainEffect({ toVersion, job, restarts, since }: Rollout, request: RetrainRequest): TrainEffect {
  const versions = { fromVersion: request.version, toVersion }
  return { kind: 'train', request, ...versions, job, restarts, acceptedAt: since }
}
