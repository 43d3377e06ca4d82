import type { SuppressedTrigger } from '../events/retrain-request.ts'

/** One firing that one guard held back. */
export interface HeldBack {
  readonly trigger: string
  readonly guard: string
  readonly reason: string
  readonly at: number
}

/**
 * Adds a firing to the list: one entry for each trigger and guard, with the latest reason, so that the list
 * stays as short as the policy however long a guard says no.
 */
export function addSuppressed(
  list: readonly SuppressedTrigger[],
  held: HeldBack,
): readonly SuppressedTrigger[] {
  const { trigger, guard, reason, at } = held
  const known = list.some((entry) => entry.trigger === trigger && entry.guard === guard)
  if (!known) return [...list, { trigger, guard, firstAt: at, lastAt: at, count: 1, reason }]
  return list.map((entry) =>
    entry.trigger === trigger && entry.guard === guard
      ? { ...entry, lastAt: at, count: entry.count + 1, reason }
      : entry,
  )
}
