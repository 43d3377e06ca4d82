import type { TriggerObservation } from './observation.ts'
import type { TriggerPolicy } from './policy.ts'
import type { TriggerState } from './state.ts'

/** What a guard looks at when a trigger has fired. */
export interface GuardView {
  readonly state: TriggerState
  readonly observation: TriggerObservation
  readonly policy: TriggerPolicy
  readonly trainingFromMs: number
}

export interface Guard {
  readonly name: string
  /** Why no request may follow now; null lets it pass. */
  readonly holdsBack: (view: GuardView) => string | null
}

/** Do not learn from a broken pipe: while any episode says `fix-data`, nothing is trained. */
const diagnosis: Guard = {
  name: 'diagnosis',
  holdsBack({ observation }) {
    const broken = observation.openEpisodes.find((episode) => episode.diagnosis === 'fix-data')
    return broken === undefined ? null : `the data must be fixed first: ${broken.summary}`
  },
}

/** One retrain at a time for each model. */
const inFlight: Guard = {
  name: 'in-flight',
  holdsBack({ state }) {
    const request = state.inFlight[0]
    return request === undefined
      ? null
      : `request ${request.requestId} has been in flight since ${new Date(request.since).toISOString()}`
  },
}

const cooldown: Guard = {
  name: 'cooldown',
  holdsBack({ state, observation, policy }) {
    if (state.endedAt === null || observation.at >= state.endedAt + policy.cooldownMs) return null
    const until = new Date(state.endedAt + policy.cooldownMs).toISOString()
    return `the last request ended at ${new Date(state.endedAt).toISOString()}, quiet until ${until}`
  },
}

const minimumSample: Guard = {
  name: 'minimum-sample',
  holdsBack({ observation, policy, trainingFromMs }) {
    const labelled = observation.labelledSince(trainingFromMs)
    if (labelled >= policy.minimumSample) return null
    const since = new Date(trainingFromMs).toISOString()
    return `${labelled} of ${policy.minimumSample} labelled events since ${since}`
  },
}

/**
 * All guards, in the order they are asked. The first that says no is the one on record, so that each
 * firing is counted once; what concerns the world comes before what concerns ourselves.
 */
export const GUARDS: readonly Guard[] = [diagnosis, inFlight, cooldown, minimumSample]
