import { type DeploymentEvent, TERMINAL_STAGES } from '../events/deployment-event.ts'
import type { SuppressedTrigger } from '../events/retrain-request.ts'
import type { Suspicion } from './confirmed.ts'
import type { Wish } from './manual.ts'
import type { MetricHistory } from './metric.ts'
import type { TriggerObservation } from './observation.ts'
import type { ScheduleState } from './schedule.ts'

/** A retrain under way: asked for here, or seen on the deployments topic. */
export interface InFlightRequest {
  readonly requestId: string
  /** Stream time of the request, or of the first deployment event where another asked. */
  readonly since: number
  /** What it answers, and with how much; null where no episode dates it, or another asked. */
  readonly attempt: Attempt | null
}

/** That a candidate was to answer an episode, having learned from so many labelled events after its change. */
export interface Attempt {
  readonly episodeId: string
  readonly learnedAfterChange: number
}

/** An attempt that gates have refused. */
export interface RefusedAttempt extends Attempt {
  /** Stream time at which it was seen, epoch ms. */
  readonly at: number
}

/** What became of all firings since the state began: `fired` is `requested` and all `suppressed` together. */
export interface TriggerCounts {
  readonly fired: number
  readonly requested: number
  readonly suppressed: readonly { readonly guard: string; readonly count: number }[]
}

/** All that the triggers of one model remember. Plain data: JSON gives it back unchanged. */
export interface TriggerState {
  readonly schedules: readonly ScheduleState[]
  readonly histories: readonly MetricHistory[]
  readonly suspicions: readonly Suspicion[]
  readonly wishes: readonly Wish[]
  readonly inFlight: readonly InFlightRequest[]
  /** When the last request ended, epoch ms; null before the first. The cooldown counts from here. */
  readonly endedAt: number | null
  /** The last attempt that gates refused; past once another request has ended. */
  readonly refused: RefusedAttempt | null
  /** When a version was last promoted or rolled back, epoch ms; null before the first time. */
  readonly deployedAt: number | null
  /** Since when the champion serves, or is watched, epoch ms; null before the first observation. */
  readonly servingSince: number | null
  /** Stream times of the requests that the budget still counts, oldest first. */
  readonly requestedAt: readonly number[]
  /** Labelled events there were at the last request or promotion, and at the last observation. */
  readonly labelledThen: number
  readonly labelledNow: number
  /** Whether something measured fired, in the last evaluations that the hysteresis looks at, newest last. */
  readonly recent: readonly boolean[]
  /** What guards have held back since the last request. */
  readonly suppressed: readonly SuppressedTrigger[]
  readonly counts: TriggerCounts
}

export function initialTriggerState(): TriggerState {
  return {
    schedules: [],
    histories: [],
    suspicions: [],
    wishes: [],
    inFlight: [],
    endedAt: null,
    refused: null,
    deployedAt: null,
    servingSince: null,
    requestedAt: [],
    labelledThen: 0,
    labelledNow: 0,
    recent: [],
    suppressed: [],
    counts: { fired: 0, requested: 0, suppressed: [] },
  }
}

/** Labelled events since the last request or promotion. */
export function newLabels(state: TriggerState, { labelledTotal }: TriggerObservation): number {
  return labelledTotal - state.labelledThen
}

/**
 * What a deployment event says to the triggers of its model: a retrain is under way, or has ended, whoever
 * asked for it. A refusal of a request that is not known to be in flight changes nothing: nothing was
 * trained, and a flood of refused wishes must not prolong the cooldown. What was measured of a version that
 * serves no more is forgotten.
 *
 * `at`: stream time at which the event is seen, epoch ms. Its own time is the clock of whoever wrote it, and
 * that of a replay is years away from what it replays. `changesChampion`: whether another version serves after
 * it; a roll-back out of a canary leaves the champion what it was.
 */
export function applyDeployment(
  before: TriggerState,
  event: DeploymentEvent,
  at: number,
  changesChampion: boolean = event.stage === 'promoted' || event.stage === 'rolled-back',
): TriggerState {
  const { requestId, stage } = event
  // The request ended with the promotion; that it is watched no more is news to nobody here.
  if (stage === 'confirmed') return before
  const isPromotion = stage === 'promoted' || changesChampion
  const state = isPromotion ? withAnotherChampion(before, at) : before
  const known = state.inFlight.find((request) => request.requestId === requestId)
  if (!TERMINAL_STAGES.has(stage)) {
    if (known) return state
    return { ...state, inFlight: [...state.inFlight, { requestId, since: at, attempt: null }] }
  }
  if (known === undefined && stage === 'refused') return state
  return {
    ...state,
    inFlight: state.inFlight.filter((request) => request !== known),
    endedAt: latest(state.endedAt, at),
    refused: known?.attempt && isRefusedByGates(event) ? { ...known.attempt, at } : null,
  }
}

/** Not by a person, nor by live events: those know what gates cannot. */
function isRefusedByGates({ stage, gates }: DeploymentEvent): boolean {
  return stage === 'rejected' && gates.some(({ passed }) => !passed)
}

function withAnotherChampion(state: TriggerState, at: number): TriggerState {
  return {
    ...state,
    deployedAt: latest(state.deployedAt, at),
    servingSince: at,
    labelledThen: state.labelledNow,
    histories: [],
    suspicions: [],
    recent: [],
  }
}

export function latest(a: number | null, b: number): number {
  return a === null ? b : Math.max(a, b)
}
