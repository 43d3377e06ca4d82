import { latest, type TriggerState } from './state.ts'

/**
 * Brings what is dated after an observation back to it: that was a clock's word, from before there was
 * stream time to go by, and a cooldown would last until the stream had caught up with it.
 */
export function withinStreamTime(state: TriggerState, at: number): TriggerState {
  const upTo = (time: number | null): number | null => (time === null ? null : Math.min(time, at))
  return {
    ...state,
    inFlight: state.inFlight.map((request) => ({ ...request, since: Math.min(request.since, at) })),
    wishes: state.wishes.map((wish) => ({ ...wish, at: Math.min(wish.at, at) })),
    endedAt: upTo(state.endedAt),
    refused: state.refused && { ...state.refused, at: Math.min(state.refused.at, at) },
    deployedAt: upTo(state.deployedAt),
    servingSince: Math.min(state.servingSince ?? at, at),
  }
}

/** A request whose end nobody reported is taken as ended when its time is up, a wish as given up. */
export function expireInFlight(state: TriggerState, at: number, inFlightTimeoutMs: number): TriggerState {
  const isOver = (since: number): boolean => at >= since + inFlightTimeoutMs
  const expired = state.inFlight.filter(({ since }) => isOver(since))
  return {
    ...state,
    inFlight: state.inFlight.filter((request) => !expired.includes(request)),
    wishes: state.wishes.filter((wish) => !isOver(wish.at)),
    endedAt: expired.reduce((end, { since }) => latest(end, since + inFlightTimeoutMs), state.endedAt),
  }
}
