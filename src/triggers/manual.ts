import type { FiredTrigger } from './fired-trigger.ts'

/** A retrain that a person asked for, and that waits for its guards to open. */
export interface Wish {
  /** Id of the command: a repeat of one that waits is the same wish. */
  readonly id: string
  readonly by: string
  readonly reason: string
  /** Stream time at which it was seen, epoch ms. */
  readonly at: number
}

/** Wishes that wait at once; beyond, the newest are dropped: one request answers them all. */
const WISHES_MAX = 10

export function addWish(wishes: readonly Wish[], wish: Wish): readonly Wish[] {
  if (wishes.length >= WISHES_MAX || wishes.some(({ id }) => id === wish.id)) return wishes
  return [...wishes, wish]
}

/**
 * A waiting wish fires at every evaluation, whatever the policy's trigger says; an episode that the trigger
 * answers at the same evaluation dates the request. Null without a wish.
 */
export function evaluateManual(wishes: readonly Wish[], beside: FiredTrigger | null): FiredTrigger | null {
  if (wishes.length === 0) return null
  return {
    name: MANUAL,
    kind: 'manual',
    members: [],
    commands: wishes.map(({ id }) => id),
    reason: wishes.map(({ by, reason }) => `${by}: ${reason}`).join('; '),
    episode: beside?.episode ?? null,
    evidence: beside?.evidence ?? [],
    measured: false,
    schedules: beside?.schedules ?? [],
  }
}

/** The name under which wishes are asked for and held back; no trigger of a policy has it. */
export const MANUAL = 'manual'
