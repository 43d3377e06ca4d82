import type { FiredTrigger } from './fired-trigger.ts'
import type { TriggerObservation } from './observation.ts'
import type { TriggerPolicy } from './policy.ts'
import { isQuiet } from './quiet-hours.ts'
import { newLabels, type TriggerState } from './state.ts'
import type { SuggestedRange } from './suggested-range.ts'

/** What a guard looks at when a trigger has fired. */
export interface GuardView {
  readonly fired: FiredTrigger
  readonly state: TriggerState
  readonly observation: TriggerObservation
  readonly policy: TriggerPolicy
  readonly range: SuggestedRange
}

export interface Guard {
  readonly name: string
  /** A person who asks knows what this guard can only guess: a wish passes it. */
  readonly passesWishes: boolean
  /** Why no request may follow now; null lets it pass. */
  readonly holdsBack: (view: GuardView) => string | null
}

/** Do not learn from a broken pipe: while any episode says `fix-data`, nothing is trained. */
const diagnosis: Guard = {
  name: 'diagnosis',
  passesWishes: false,
  holdsBack({ observation }) {
    const broken = observation.openEpisodes.find((episode) => episode.diagnosis === 'fix-data')
    return broken === undefined ? null : `the data must be fixed first: ${broken.summary}`
  },
}

/** One pane can err: what is measured must show in several. Dates, counts and ages do not err. */
const hysteresis: Guard = {
  name: 'hysteresis',
  passesWishes: true,
  holdsBack({ fired, state, policy }) {
    const { panes, of } = policy.hysteresis
    const seen = state.recent.filter((each) => each).length
    return !fired.measured || seen >= panes ? null : `fired in ${seen} of the last ${of} panes, not ${panes}`
  },
}

/** One retrain at a time for each model. */
const inFlight: Guard = {
  name: 'in-flight',
  passesWishes: false,
  holdsBack({ state }) {
    const request = state.inFlight[0]
    return request === undefined
      ? null
      : `request ${request.requestId} has been in flight since ${iso(request.since)}`
  },
}

const cooldown: Guard = {
  name: 'cooldown',
  passesWishes: true,
  holdsBack(view) {
    const {
      state: { endedAt, deployedAt },
      observation: { at },
      policy,
    } = view
    const retry = retryAfterRefusal(view)
    if (endedAt !== null && at < endedAt + policy.cooldownMs && !retry.isDue) {
      return `the last request ended at ${iso(endedAt)}, quiet until ${iso(endedAt + policy.cooldownMs)}${retry.told}`
    }
    if (deployedAt === null || at >= deployedAt + policy.deploymentCooldownMs) return null
    const until = iso(deployedAt + policy.deploymentCooldownMs)
    return `another version serves since ${iso(deployedAt)}, quiet until ${until}`
  },
}

/**
 * Gates have refused what knew too little of the changed world: an attempt that would learn from much more of
 * it is another one, and is not put off. One that would learn from the same is, and so is what another episode
 * or no episode dates.
 */
function retryAfterRefusal({
  fired,
  state: { refused, endedAt },
  policy: { retryGrowth },
  range,
}: GuardView): {
  readonly isDue: boolean
  readonly told: string
} {
  const { episode } = fired
  if (
    retryGrowth === null ||
    refused === null ||
    refused.at !== endedAt ||
    refused.episodeId !== episode?.id
  ) {
    return { isDue: false, told: '' }
  }
  const needed = Math.ceil(retryGrowth * Math.max(1, refused.learnedAfterChange))
  const { learnedAfterChange } = range
  return {
    isDue: learnedAfterChange >= needed,
    told: `, or until ${needed} labelled events after the change can be learned from: ${learnedAfterChange} now, ${refused.learnedAfterChange} in the candidate that was refused`,
  }
}

const requestBudget: Guard = {
  name: 'request-budget',
  passesWishes: false,
  holdsBack({ state, observation, policy }) {
    if (policy.requestBudget === null) return null
    const { requests, perMs } = policy.requestBudget
    const counted = state.requestedAt.filter((at) => at > observation.at - perMs)
    const oldest = counted.at(-requests)
    if (oldest === undefined || counted.length < requests) return null
    return `${counted.length} of ${requests} requests are spent until ${iso(oldest + perMs)}`
  },
}

const quietHours: Guard = {
  name: 'quiet-hours',
  passesWishes: true,
  holdsBack({ observation, policy }) {
    const quiet = policy.quietHours.find((hours) => isQuiet(hours, observation.at))
    return quiet === undefined ? null : `quiet hours in ${quiet.timezone} at ${iso(observation.at)}`
  },
}

/** Trained on what the last one was trained on, a model comes out as it was. */
const minimumNewLabels: Guard = {
  name: 'new-labels',
  passesWishes: true,
  holdsBack({ state, observation, policy }) {
    const labelled = newLabels(state, observation)
    if (labelled >= policy.minimumNewLabels) return null
    return `${labelled} of ${policy.minimumNewLabels} labelled events since the last request or promotion`
  },
}

const minimumSample: Guard = {
  name: 'minimum-sample',
  passesWishes: false,
  holdsBack({ policy, range: { training, labelled } }) {
    const isEmpty = training.fromMs >= training.toMs
    if (labelled >= policy.minimumSample && !isEmpty) return null
    return `${labelled} of ${policy.minimumSample} labelled events since ${iso(training.fromMs)}`
  },
}

/** Trainers are shared: what would only wait is better asked for later, with newer data. */
const queue: Guard = {
  name: 'queue',
  passesWishes: false,
  holdsBack({ observation: { queued }, policy: { queueMax } }) {
    return queueMax === null || queued < queueMax ? null : `${queued} requests of other models are in flight`
  },
}

/**
 * All guards, in the order they are asked. The first that says no is the one on record, so that each
 * firing is counted once; what concerns the world comes before what concerns ourselves.
 */
export const GUARDS: readonly Guard[] = [
  diagnosis,
  hysteresis,
  inFlight,
  cooldown,
  requestBudget,
  quietHours,
  minimumNewLabels,
  minimumSample,
  queue,
]

/** The first guard that holds a firing back, and why; null: all let it pass. */
export function heldBackBy(view: GuardView): { readonly guard: string; readonly reason: string } | null {
  for (const { name, passesWishes, holdsBack } of GUARDS) {
    const reason = passesWishes && view.fired.kind === 'manual' ? null : holdsBack(view)
    if (reason !== null) return { guard: name, reason }
  }
  return null
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
