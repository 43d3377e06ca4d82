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
