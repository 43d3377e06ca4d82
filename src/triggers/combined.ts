import type { FiredTrigger } from './fired-trigger.ts'
import type { CombinedTrigger } from './policy.ts'

/**
 * Joins the members' answers of one evaluation: `any` needs one that fired, `all` needs every one; without
 * members neither fires. Where several answer an episode, performance speaks before data, because a request
 * is dated by its episode and it is performance that a retrain is to mend.
 *
 * `members`: the answers in the order of `trigger.of`, null for a member that did not fire.
 */
export function combine(
  trigger: CombinedTrigger,
  members: readonly (FiredTrigger | null)[],
): FiredTrigger | null {
  const fired = members.filter((member) => member !== null)
  const needed = trigger.kind === 'all' ? members.length : 1
  if (fired.length === 0 || fired.length < needed) return null
  const episodes = fired.flatMap((member) => member.episode ?? [])
  return {
    name: trigger.name,
    kind: trigger.kind,
    members: fired.map((member) => member.name),
    reason: fired.map((member) => `${member.name}: ${member.reason}`).join('; '),
    episode: episodes.find((episode) => episode.concern === 'performance') ?? episodes[0] ?? null,
    schedules: fired.flatMap((member) => member.schedules),
  }
}
