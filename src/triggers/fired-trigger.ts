import type { OpenEpisode } from './observation.ts'
import type { TriggerSpec } from './policy.ts'

/** A trigger that says "now", and why. Whether a request follows is for the guards to say. */
export interface FiredTrigger {
  readonly name: string
  readonly kind: TriggerSpec['kind']
  /** Names of the members that fired, for `any` and `all`; empty otherwise. */
  readonly members: readonly string[]
  readonly reason: string
  /** The episode it answers; null for a schedule. */
  readonly episode: OpenEpisode | null
  /** Names of the schedules that took part, at whatever depth: they stay due when a guard says no. */
  readonly schedules: readonly string[]
}
