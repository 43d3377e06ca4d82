import type { Finding } from '../events/finding.ts'
import type { OpenEpisode } from './observation.ts'
import type { TriggerSpec } from './policy.ts'

/** A trigger that says "now", and why. Whether a request follows is for the guards to say. */
export interface FiredTrigger {
  readonly name: string
  readonly kind: TriggerSpec['kind'] | 'manual'
  /** Names of the members that fired, of a combined trigger; empty otherwise. */
  readonly members: readonly string[]
  /** Ids of the commands that it answers, of a person's wish; absent otherwise. */
  readonly commands?: readonly string[]
  readonly reason: string
  /** The episode it answers; null for what no episode dates. */
  readonly episode: OpenEpisode | null
  readonly evidence: readonly Finding[]
  /** It rests on measurements, which can err: one pane may not be enough. A date or a wish is certain. */
  readonly measured: boolean
  /** Names of the schedules that took part, at whatever depth: they stay due when a guard says no. */
  readonly schedules: readonly string[]
}

/** What fires by a fact: a date, a count, an age. */
export function firedByFact(trigger: TriggerSpec, reason: string): FiredTrigger {
  const { name, kind } = trigger
  return { name, kind, members: [], reason, episode: null, evidence: [], measured: false, schedules: [] }
}

/** What fires because of an open episode. */
export function firedByEpisode(trigger: TriggerSpec, episode: OpenEpisode): FiredTrigger {
  const { summary, findings } = episode
  return { ...firedByFact(trigger, summary), episode, evidence: findings, measured: true }
}

/** What fires because of one measurement, whether or not anybody calls it a drift. */
export function firedByFinding(trigger: TriggerSpec, finding: Finding, reason: string): FiredTrigger {
  return { ...firedByFact(trigger, reason), evidence: [finding], measured: true }
}
