import { Cron } from 'croner'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { stableId } from '../events/stable-id.ts'
import { type FiredTrigger, firedByFact } from './fired-trigger.ts'
import { triggersWithin } from './members.ts'
import type { ScheduleTrigger, TriggerSpec } from './policy.ts'

/** Where one schedule stands. Another pattern, zone or offset under the same name is another schedule. */
export interface ScheduleState {
  readonly name: string
  readonly cron: string
  readonly timezone: string
  /** By how much this model comes after the pattern, ms. */
  readonly offsetMs: number
  /** The next time of the pattern, with the offset, epoch ms; null when it never comes again. */
  readonly nextAt: number | null
  /** A time of the pattern that has come and not yet been answered, epoch ms. */
  readonly dueAt: number | null
}

/**
 * Brings a schedule up to stream time `at`. The first observation only arms it: the past of a stream that
 * starts to be watched is nobody's missed run. However many times of the pattern lie in a gap between two
 * observations, one firing comes of them.
 * @throws CONFIG_INVALID when the pattern or the zone cannot be read
 */
export function advanceSchedule(
  previous: ScheduleState | undefined,
  trigger: ScheduleTrigger,
  at: number,
  model: string,
): ScheduleState {
  const { name, cron, timezone } = trigger
  const offsetMs = jitterOf(trigger, model)
  const next = (): number | null => {
    const time = nextCronTime(cron, timezone, at - offsetMs)
    return time === null ? null : time + offsetMs
  }
  const isKnown = previous?.cron === cron && previous.timezone === timezone && previous.offsetMs === offsetMs
  if (!isKnown) return { name, cron, timezone, offsetMs, nextAt: next(), dueAt: null }
  if (previous.nextAt === null || at < previous.nextAt) return previous
  return { ...previous, nextAt: next(), dueAt: previous.nextAt }
}

/** By how much a model comes after a pattern, 0 to `jitterMs`: a hash of its name, so always the same. */
function jitterOf({ name, jitterMs }: ScheduleTrigger, model: string): number {
  const share = Number.parseInt(stableId('jitter', model, name).slice(0, 8), 16) / 2 ** 32
  return Math.floor(share * jitterMs)
}

/** What remains due of every schedule in a trigger; see `settleSchedule`. */
export function settleSchedules(
  before: readonly ScheduleState[],
  now: readonly ScheduleState[],
  trigger: TriggerSpec,
  outcome: ScheduleOutcome,
): readonly ScheduleState[] {
  const once = triggersWithin(trigger).flatMap((each) =>
    each.kind === 'schedule' && !each.catchUp ? [each.name] : [],
  )
  return now.map((schedule) => {
    if (once.includes(schedule.name)) return { ...schedule, dueAt: null }
    return settleSchedule(
      before.find(({ name }) => name === schedule.name),
      schedule,
      outcome,
    )
  })
}

export interface ScheduleOutcome {
  readonly requested: boolean
  /** Schedules that took part in a firing that a guard held back. */
  readonly heldBack: readonly string[]
}

/**
 * What remains due after an evaluation. A request answers every schedule. A firing that a guard held back
 * (`heldBack`) stays due until the guard opens or the pattern's next time takes its place, so that an hour
 * of cooldown does not cost a monthly retrain. A firing that an `all` did not take up is over.
 */
export function settleSchedule(
  before: ScheduleState | undefined,
  schedule: ScheduleState,
  outcome: ScheduleOutcome,
): ScheduleState {
  if (schedule.dueAt === null) return schedule
  const stillWaiting = before?.dueAt === schedule.dueAt || outcome.heldBack.includes(schedule.name)
  return !outcome.requested && stillWaiting ? schedule : { ...schedule, dueAt: null }
}

export function evaluateSchedule(
  trigger: ScheduleTrigger,
  schedules: readonly ScheduleState[],
): FiredTrigger | null {
  const { name, cron, timezone } = trigger
  const dueAt = schedules.find((schedule) => schedule.name === name)?.dueAt ?? null
  if (dueAt === null) return null
  const reason = `"${cron}" (${timezone}) was due at ${new Date(dueAt).toISOString()}`
  return { ...firedByFact(trigger, reason), schedules: [name] }
}

/**
 * First time of the pattern strictly after `fromMs`, epoch ms; null when there is none. A fixed time of day
 * that the zone's clock skips counts at the end of the skip, one that comes twice counts the first time.
 * Without a callback croner starts no timer, and with a start date the clock it looks at decides nothing
 * (croner 11.0.1; the unit test holds it to both).
 * @throws CONFIG_INVALID when the pattern or the zone cannot be read, or the pattern is a date
 */
export function nextCronTime(cron: string, timezone: string, fromMs: number): number | null {
  // croner reads text with a colon as one date and not as a pattern: "2027-01-01T02:00:00" fires once.
  if (cron.includes(':')) throw unreadable(cron, timezone, 'a pattern has no colon')
  try {
    return new Cron(cron, { timezone }).nextRun(new Date(fromMs))?.getTime() ?? null
  } catch (cause) {
    throw unreadable(cron, timezone, cause instanceof Error ? cause.message : String(cause))
  }
}

function unreadable(cron: string, timezone: string, reason: string): DriftstreamError {
  return new DriftstreamError(
    'CONFIG_INVALID',
    `expected a cron pattern and an IANA zone such as "0 3 1 * *" in Europe/Vienna, got "${cron}" in "${timezone}": ${reason}`,
    { cron, timezone },
  )
}
