import { type DeploymentEvent, TERMINAL_STAGES } from '../events/deployment-event.ts'
import type { SuppressedTrigger } from '../events/retrain-request.ts'
import type { ScheduleState } from './schedule.ts'

/** A retrain under way: asked for here, or seen on the deployments topic. */
export interface InFlightRequest {
  readonly requestId: string
  /** Stream time of the request, or of the first deployment event where another asked. */
  readonly since: number
}

/** All that the triggers of one model remember. Plain data: JSON gives it back unchanged. */
export interface TriggerState {
  readonly schedules: readonly ScheduleState[]
  readonly inFlight: readonly InFlightRequest[]
  /** When the last request ended, epoch ms; null before the first. The cooldown counts from here. */
  readonly endedAt: number | null
  /** What guards have held back since the last request. */
  readonly suppressed: readonly SuppressedTrigger[]
}

export function initialTriggerState(): TriggerState {
  return { schedules: [], inFlight: [], endedAt: null, suppressed: [] }
}

/**
 * What a deployment event says to the triggers of its model: a retrain is under way, or has ended, whoever
 * asked for it. A refusal of a request that is not known to be in flight changes nothing: nothing was
 * trained, and a flood of refused wishes must not prolong the cooldown.
 *
 * `at`: stream time at which the event is seen, epoch ms. Its own time is the clock of whoever wrote it, and
 * that of a replay is years away from what it replays.
 */
export function applyDeployment(state: TriggerState, event: DeploymentEvent, at: number): TriggerState {
  const known = state.inFlight.some((request) => request.requestId === event.requestId)
  if (!TERMINAL_STAGES.has(event.stage)) {
    if (known) return state
    return { ...state, inFlight: [...state.inFlight, { requestId: event.requestId, since: at }] }
  }
  if (!known && event.stage === 'refused') return state
  return {
    ...state,
    inFlight: state.inFlight.filter((request) => request.requestId !== event.requestId),
    endedAt: latest(state.endedAt, at),
  }
}

/**
 * Brings what is dated after an observation back to it: that was a clock's word, from before there was
 * stream time to go by, and a cooldown would last until the stream had caught up with it.
 */
export function withinStreamTime(state: TriggerState, at: number): TriggerState {
  const { inFlight, endedAt } = state
  if ((endedAt ?? at) <= at && inFlight.every(({ since }) => since <= at)) return state
  return {
    ...state,
    inFlight: inFlight.map((request) => ({ ...request, since: Math.min(request.since, at) })),
    endedAt: endedAt === null ? null : Math.min(endedAt, at),
  }
}

/** A request whose end nobody reported is taken as ended when its time is up. */
export function expireInFlight(state: TriggerState, at: number, inFlightTimeoutMs: number): TriggerState {
  const expired = state.inFlight.filter((request) => at >= request.since + inFlightTimeoutMs)
  if (expired.length === 0) return state
  return {
    ...state,
    inFlight: state.inFlight.filter((request) => !expired.includes(request)),
    endedAt: expired.reduce((end, r) => latest(end, r.since + inFlightTimeoutMs), state.endedAt),
  }
}

function latest(a: number | null, b: number): number {
  return a === null ? b : Math.max(a, b)
}
