import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import type { RetrainRequest, SuppressedTrigger } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import { evaluateTrigger } from './evaluate.ts'
import type { FiredTrigger } from './fired-trigger.ts'
import { heldBackBy } from './guards.ts'
import { evaluateManual } from './manual.ts'
import type { OpenEpisode, TriggerObservation } from './observation.ts'
import type { TriggerPolicy } from './policy.ts'
import { remember } from './remember.ts'
import { settleSchedules } from './schedule.ts'
import type { Attempt, TriggerCounts, TriggerState } from './state.ts'
import { type RangeBasis, type SuggestedRange, suggestedRange } from './suggested-range.ts'
import { addSuppressed } from './suppressed.ts'

/** That a retrain should be asked for, with everything a request says about why. */
export interface RetrainDecision {
  /** Hash of model, version, trigger and stream time: the same decision in a replay has the same id. */
  readonly requestId: string
  readonly trigger: RetrainRequest['trigger']
  readonly episode: OpenEpisode | null
  /** What the trigger rests on, that of the episode first. */
  readonly evidence: readonly Finding[]
  readonly window: TimeRange
  readonly training: TimeRange
  readonly basis: RangeBasis
  /** Stream time after which the request is of no use. */
  readonly deadlineAt: number
  /** What was held back since the last request. */
  readonly suppressed: readonly SuppressedTrigger[]
  readonly severity: RetrainRequest['severity']
}

export interface DecideResult {
  readonly state: TriggerState
  readonly decision: RetrainDecision | null
}

/** Requests stay small however many features moved; the strongest findings of an episode come first. */
const EVIDENCE_MAX = 20

/**
 * One evaluation of one model's policy. Of a trigger that fires comes either a decision, which counts as in
 * flight from this moment, or one entry among the suppressed, under the first guard that said no; and one
 * in the counts either way.
 * @throws CONFIG_INVALID when a pattern or a zone of the policy cannot be read
 */
export function decideRetrain(
  before: TriggerState,
  observation: TriggerObservation,
  policy: TriggerPolicy,
): DecideResult {
  const { at } = observation
  const known = remember(before, observation, policy)
  const answer = evaluateTrigger(policy.trigger, known, observation)
  const fired = evaluateManual(known.wishes, answer) ?? answer
  const recent = [...known.recent, answer?.measured === true].slice(-policy.hysteresis.of)
  const state = { ...known, recent }
  const settled = (outcome: { requested: boolean; heldBack: readonly string[] }) =>
    settleSchedules(before.schedules, state.schedules, policy.trigger, outcome)
  if (fired === null) {
    return { state: { ...state, schedules: settled({ requested: false, heldBack: [] }) }, decision: null }
  }

  const range = suggestedRange(fired.episode?.changedAt ?? null, observation, policy)
  const held = heldBackBy({ fired, state, observation, policy, range })
  const counts = counted(state.counts, held?.guard ?? null)
  if (held !== null) {
    const suppressed = addSuppressed(state.suppressed, { trigger: fired.name, ...held, at })
    const schedules = settled({ requested: false, heldBack: fired.schedules })
    return { state: { ...state, counts, suppressed, schedules }, decision: null }
  }

  const requestId = stableId('retrain-request', observation.model, observation.version, fired.name, at)
  const { name, kind, members, commands = [], reason, episode, evidence } = fired
  return {
    state: {
      ...state,
      counts,
      schedules: settled({ requested: true, heldBack: [] }),
      wishes: [],
      inFlight: [...state.inFlight, { requestId, since: at, attempt: attemptOf(episode, range) }],
      requestedAt: [...spentAfter(state.requestedAt, at, policy), at],
      labelledThen: observation.labelledTotal,
      suppressed: [],
    },
    decision: {
      requestId,
      trigger: { name, kind, members: [...members], commands: [...commands], reason },
      episode,
      evidence: evidence.slice(0, EVIDENCE_MAX),
      window: range.window,
      training: range.training,
      basis: range.basis,
      deadlineAt: at + policy.deadlineMs,
      suppressed: state.suppressed,
      severity: severityOf(fired),
    },
  }
}

function attemptOf(episode: OpenEpisode | null, { learnedAfterChange }: SuggestedRange): Attempt | null {
  return episode === null ? null : { episodeId: episode.id, learnedAfterChange }
}

/** Requests the budget will still count at the next observation. */
function spentAfter(
  requestedAt: readonly number[],
  at: number,
  { requestBudget }: TriggerPolicy,
): readonly number[] {
  return requestBudget === null ? [] : requestedAt.filter((each) => each > at - requestBudget.perMs)
}

function counted({ fired, requested, suppressed }: TriggerCounts, guard: string | null): TriggerCounts {
  if (guard === null) return { fired: fired + 1, requested: requested + 1, suppressed }
  const known = suppressed.some((entry) => entry.guard === guard)
  const list = known ? suppressed : [...suppressed, { guard, count: 0 }]
  return {
    fired: fired + 1,
    requested,
    suppressed: list.map((entry) => (entry.guard === guard ? { guard, count: entry.count + 1 } : entry)),
  }
}

/** A fall in performance that a retrain is to mend cannot wait, what else was measured a little, a date can. */
function severityOf({ episode, measured }: FiredTrigger): RetrainRequest['severity'] {
  if (episode === null) return measured ? 'elevated' : 'routine'
  return episode.concern === 'performance' && episode.diagnosis === 'retrain' ? 'urgent' : 'elevated'
}
