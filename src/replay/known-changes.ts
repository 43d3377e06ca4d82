import type { DriftEvent } from '../events/drift-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'

/** Something that is known to have happened, whoever knows it: a replay is held against it. */
export interface KnownChange {
  readonly name: string
  /** When it began, epoch ms. */
  readonly at: number
  /** When it was over, epoch ms; null: it stayed. */
  readonly until: number | null
  /** Null: it concerns every model. */
  readonly model: string | null
}

/** How one policy met one known change of one model. Times in ms after the change; null: never. */
export interface ChangeMet {
  readonly change: string
  readonly at: number
  /** Until the first episode that can be due to it. */
  readonly alarmAfterMs: number | null
  /** Until the first request that answers such an episode. */
  readonly requestAfterMs: number | null
}

/** What alarms and requests were worth, by what is known. */
export interface Reckoning {
  readonly changes: readonly ChangeMet[]
  /** Episodes that began when nothing had happened that could be their cause. */
  readonly falseAlarms: number
  /** Requests that answer such episodes. */
  readonly falseRequests: number
}

/**
 * Holds alarms and requests of one model against what is known. An alarm is due to the latest change that has
 * begun and is not over; one that is over explains alarms for `trailMs` more, as long as a window may hold
 * it. Another diagnosis of an episode is an alarm of its own. Requests follow the episode they answer; those
 * that answer none (a date, a count) are neither late nor false.
 */
export function reckon(
  model: string,
  known: readonly KnownChange[],
  drift: readonly DriftEvent[],
  requests: readonly RetrainRequest[],
  trailMs: number,
): Reckoning {
  const changes = known
    .filter((change) => change.model === null || change.model === model)
    .toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
  const causeAt = (at: number): KnownChange | undefined =>
    changes.findLast((change) => change.at <= at && (change.until === null || at < change.until + trailMs))

  const firstAlarm = new Map<KnownChange, number>()
  const firstAnswer = new Map<KnownChange, number>()
  /** What each alarm is due to, null: to nothing; by episode, in time order. */
  const causes = new Map<string, { readonly at: number; readonly cause: KnownChange | null }[]>()
  for (const { state, at, episodeId } of drift) {
    if (state === 'resolved') continue
    const cause = causeAt(at)
    causes.set(episodeId, [...(causes.get(episodeId) ?? []), { at, cause: cause ?? null }])
    if (cause !== undefined && !firstAlarm.has(cause)) firstAlarm.set(cause, at)
  }
  let falseRequests = 0
  for (const { episodeId, at } of requests) {
    const alarm = episodeId === null ? undefined : causes.get(episodeId)?.findLast((known) => known.at <= at)
    if (alarm === undefined) continue
    if (alarm.cause === null) falseRequests++
    else if (!firstAnswer.has(alarm.cause)) firstAnswer.set(alarm.cause, at)
  }
  const after = (since: number, at: number | undefined) => (at === undefined ? null : at - since)
  return {
    changes: changes.map((change) => ({
      change: change.name,
      at: change.at,
      alarmAfterMs: after(change.at, firstAlarm.get(change)),
      requestAfterMs: after(change.at, firstAnswer.get(change)),
    })),
    falseAlarms: [...causes.values()].filter(([first]) => first?.cause === null).length,
    falseRequests,
  }
}
