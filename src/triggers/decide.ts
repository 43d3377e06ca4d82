import type { RetrainRequest, SuppressedTrigger } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import { evaluateTrigger, schedulesOf } from './evaluate.ts'
import type { FiredTrigger } from './fired-trigger.ts'
import { GUARDS } from './guards.ts'
import type { OpenEpisode, TriggerObservation } from './observation.ts'
import type { TriggerPolicy } from './policy.ts'
import { advanceSchedule, type ScheduleState, settleSchedule } from './schedule.ts'
import { expireInFlight, type TriggerState, withinStreamTime } from './state.ts'
import { addSuppressed } from './suppressed.ts'

/** That a retrain should be asked for, with everything a request says about why. */
export interface RetrainDecision {
  /** Hash of model, version, trigger and stream time: the same decision in a replay has the same id. */
  readonly requestId: string
  readonly trigger: RetrainRequest['trigger']
  readonly episode: OpenEpisode | null
  readonly trainingFromMs: number
  readonly trainingToMs: number
  /** What was held back since the last request. */
  readonly suppressed: readonly SuppressedTrigger[]
  readonly severity: RetrainRequest['severity']
}

export interface DecideResult {
  readonly state: TriggerState
  readonly decision: RetrainDecision | null
}

/**
 * One evaluation of one model's policy. Of a trigger that fires comes either a decision, which counts as in
 * flight from this moment, or one entry among the suppressed, under the first guard that said no.
 *
 * The training range reaches back to the change of the episode the trigger answers, or, where none dates it,
 * over the policy's training window; it ends at the observation.
 */
export function decideRetrain(
  before: TriggerState,
  observation: TriggerObservation,
  policy: TriggerPolicy,
): DecideResult {
  const { at } = observation
  const known = (name: string) => before.schedules.find((schedule) => schedule.name === name)
  const schedules = schedulesOf(policy.trigger).map((trigger) =>
    advanceSchedule(known(trigger.name), trigger, at),
  )
  const settled = (requested: boolean, heldBack: readonly string[]): readonly ScheduleState[] =>
    schedules.map((schedule) => settleSchedule(known(schedule.name), schedule, { requested, heldBack }))

  const state = expireInFlight(withinStreamTime(before, at), at, policy.inFlightTimeoutMs)
  const fired = evaluateTrigger(policy.trigger, schedules, observation)
  if (fired === null) return { state: { ...state, schedules: settled(false, []) }, decision: null }

  const trainingFromMs = Math.min(fired.episode?.changedAt ?? at - policy.trainingWindowMs, at)
  const view = { state, observation, policy, trainingFromMs }
  for (const guard of GUARDS) {
    const reason = guard.holdsBack(view)
    if (reason === null) continue
    const suppressed = addSuppressed(state.suppressed, { trigger: fired.name, guard: guard.name, reason, at })
    return { state: { ...state, suppressed, schedules: settled(false, fired.schedules) }, decision: null }
  }

  const requestId = stableId('retrain-request', observation.model, observation.version, fired.name, at)
  const { name, kind, members, reason, episode } = fired
  return {
    state: {
      schedules: settled(true, []),
      inFlight: [...state.inFlight, { requestId, since: at }],
      endedAt: state.endedAt,
      suppressed: [],
    },
    decision: {
      requestId,
      trigger: { name, kind, members: [...members], reason },
      episode,
      trainingFromMs,
      trainingToMs: at,
      suppressed: state.suppressed,
      severity: severityOf(fired),
    },
  }
}

/** A fall in performance that a retrain is to mend cannot wait, another drift can a little, a date can. */
function severityOf({ episode }: FiredTrigger): RetrainRequest['severity'] {
  if (episode === null) return 'routine'
  return episode.concern === 'performance' && episode.diagnosis === 'retrain' ? 'urgent' : 'elevated'
}
