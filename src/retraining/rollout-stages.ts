import { lapse } from '../detectors/wording.ts'
import type { ComparisonEvent, ComparisonNumbers } from '../events/comparison-event.ts'
import type { ApprovalOptions } from './approval.ts'
import type { RolloutOptions } from './rollout-options.ts'
import { emit, type RolloutResult, unchanged } from './rollout-result.ts'
import type { Rollout, RolloutState } from './rollout-state.ts'
import { harmShown, moveInCanary, moveInShadow, moveInWatch } from './stage-moves.ts'

/** By what candidates go from open gates to all traffic. */
export interface StageRules {
  readonly approval: ApprovalOptions
  readonly rollout: RolloutOptions
}

/** Why a candidate goes on, when, and what live events have shown. */
export interface Passing {
  readonly reason: string
  readonly now: number
  readonly comparison?: ComparisonNumbers
}

/** The gates are open: the first stage that is asked for. */
export function afterGates(
  state: RolloutState,
  rollout: Rollout,
  passing: Passing,
  rules: StageRules,
): RolloutResult {
  return rules.rollout.shadow === null
    ? afterShadow(state, rollout, passing, rules)
    : expose(state, rollout, 'shadow', passing)
}

function afterShadow(
  state: RolloutState,
  rollout: Rollout,
  passing: Passing,
  rules: StageRules,
): RolloutResult {
  const { approval, rollout: stages } = rules
  const asksNow = approval.before !== 'promotion' || stages.canary === null
  if (approval.required && asksNow) return ask(state, rollout, passing, approval)
  return afterApproval(state, rollout, passing, rules)
}

/** Somebody said yes, or nobody had to. */
export function afterApproval(
  state: RolloutState,
  rollout: Rollout,
  passing: Passing,
  rules: StageRules,
): RolloutResult {
  const { canary } = rules.rollout
  if (rollout.phase === 'canary' || canary === null) return promote(state, rollout, passing, rules)
  return expose(state, rollout, 'canary', passing, { step: 0, trafficShare: canary.steps[0] ?? 0 })
}

/** A comparison has come in: what it makes of the candidate on its way, or of the promotion that is watched. */
export function compare(
  state: RolloutState,
  told: ComparisonEvent,
  now: number,
  rules: StageRules,
): RolloutResult {
  const { current, watching } = state
  if (told.stage === 'watch') {
    return watching?.requestId === told.requestId
      ? watched(state, watching, told, now, rules)
      : unchanged(state)
  }
  if (current?.requestId !== told.requestId || current.phase !== told.stage) return unchanged(state)
  if (current.fromVersion !== state.champion) return outrun(state, current, now)
  if (current.stage === 'shadow') return inShadow(state, current, told, now, rules)
  if (current.stage === 'canary') return inCanary(state, current, told, now, rules)
  // Who waits for an answer with a share of the traffic is watched on.
  const harm = current.share > 0 ? harmShown(told, rules.rollout) : null
  return harm === null
    ? unchanged(state)
    : emit(state, current, 'rolled-back', harm, now, { comparison: numbers(told) })
}

/** After a restart: a stage that is no longer asked for has no end. */
export function resumeStage(
  state: RolloutState,
  now: number,
  { rollout: { shadow, canary, watch } }: StageRules,
): RolloutResult {
  const { current, watching } = state
  if (watching !== null && watch === null) {
    return emit(state, watching, 'confirmed', 'no watch is configured any more', now)
  }
  const orphaned =
    (current?.stage === 'shadow' && shadow === null) || (current?.stage === 'canary' && canary === null)
  if (!orphaned) return unchanged(state)
  return emit(state, current!, 'cancelled', `the stage ${current!.stage} is no longer configured`, now)
}

/**
 * A stage that nobody has told of for long, past its maximum by the clock: where the stream or the detector
 * stands still, stream time ends nothing. Unseen nobody goes on, whatever is configured for one that showed too
 * little: a shadow is timed out, a canary gives its share back or waits for a person with it.
 */
export function endStalled(
  state: RolloutState,
  current: Rollout,
  now: number,
  { approval, rollout: { shadow, canary } }: StageRules,
): RolloutResult {
  const stage = current.stage === 'shadow' ? shadow : current.stage === 'canary' ? canary : null
  if (stage === null || current.phaseSince === null) return unchanged(state)
  const elapsed = now - current.phaseSince
  if (elapsed < stage.maximumMs) return unchanged(state)
  const reason = `no comparison has come for long, and ${lapse(elapsed)} of ${current.stage} have passed by the clock`
  if (current.stage === 'shadow') return emit(state, current, 'timed-out', reason, now)
  return stage.onTimeout === 'approve'
    ? ask(state, current, { reason, now }, approval)
    : emit(state, current, 'rolled-back', reason, now)
}

function inShadow(
  state: RolloutState,
  current: Rollout,
  told: ComparisonEvent,
  now: number,
  rules: StageRules,
): RolloutResult {
  const { shadow } = rules.rollout
  if (shadow === null) return resumeStage(state, now, rules)
  const move = moveInShadow(told, shadow, rules.rollout)
  if (move.kind === 'stay') return unchanged(state)
  const passing = { reason: move.reason, now, comparison: numbers(told) }
  if (move.kind === 'pass') return afterShadow(state, current, passing, rules)
  const end = move.kind === 'harm' ? 'rejected' : 'timed-out'
  return emit(state, current, end, move.reason, now, { comparison: passing.comparison })
}

function inCanary(
  state: RolloutState,
  current: Rollout,
  told: ComparisonEvent,
  now: number,
  rules: StageRules,
): RolloutResult {
  const { approval, rollout } = rules
  const { canary } = rollout
  if (canary === null) return resumeStage(state, now, rules)
  const move = moveInCanary(current, told, canary, rollout)
  if (move.kind === 'stay') return unchanged(state)
  const { reason } = move
  const passing = { reason, now, comparison: numbers(told) }
  if (move.kind === 'step') {
    const step = current.step + 1
    // Configured anew with smaller steps: a share once given is taken back by a roll-back alone.
    const trafficShare = Math.max(current.share, canary.steps[step] ?? 0)
    return expose(state, current, 'canary', passing, { step, trafficShare })
  }
  if (move.kind === 'ask') return ask(state, current, passing, approval)
  if (move.kind !== 'pass') {
    return emit(state, current, 'rolled-back', reason, now, { comparison: passing.comparison })
  }
  return approval.required && approval.before === 'promotion'
    ? ask(state, current, passing, approval)
    : promote(state, current, passing, rules)
}

function watched(
  state: RolloutState,
  watching: Rollout,
  told: ComparisonEvent,
  now: number,
  { rollout }: StageRules,
): RolloutResult {
  const move = moveInWatch(told, rollout.watch?.durationMs ?? 0, rollout)
  if (move.kind === 'stay') return unchanged(state)
  const stage = move.kind === 'harm' ? 'rolled-back' : 'confirmed'
  return emit(state, watching, stage, move.reason, now, { comparison: numbers(told) })
}

function ask(
  state: RolloutState,
  rollout: Rollout,
  { reason, now, comparison }: Passing,
  { timeoutMs, onTimeout }: ApprovalOptions,
): RolloutResult {
  const until = new Date(now + timeoutMs).toISOString()
  const text = `${reason}; without an answer until ${until}: ${onTimeout}`
  return emit(state, rollout, 'awaiting-approval', text, now, comparison === undefined ? {} : { comparison })
}

function expose(
  state: RolloutState,
  rollout: Rollout,
  stage: 'shadow' | 'canary',
  { reason, now, comparison }: Passing,
  at: { readonly step: number; readonly trafficShare: number } | null = null,
): RolloutResult {
  if (rollout.fromVersion !== state.champion) return outrun(state, rollout, now)
  return emit(state, rollout, stage, reason, now, { ...at, ...(comparison && { comparison }) })
}

/** A candidate replaces the version it was measured against, and no other. */
function promote(
  state: RolloutState,
  rollout: Rollout,
  { reason, now, comparison }: Passing,
  rules: StageRules,
): RolloutResult {
  if (rollout.fromVersion !== state.champion) return outrun(state, rollout, now)
  const isWatched = rules.rollout.watch !== null
  return emit(state, rollout, 'promoted', reason, now, {
    ...(isWatched && { watched: true }),
    ...(comparison && { comparison }),
  })
}

function outrun(state: RolloutState, rollout: Rollout, now: number): RolloutResult {
  const changed = `measured against version ${rollout.fromVersion}, but version ${state.champion} serves`
  return emit(state, rollout, 'failed', changed, now)
}

function numbers(told: ComparisonEvent): ComparisonNumbers {
  const { id: _id, model: _model, requestId: _requestId, stage: _stage, step: _step, ...rest } = told
  return rest
}
