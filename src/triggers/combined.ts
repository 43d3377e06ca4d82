import type { FiredTrigger } from './fired-trigger.ts'
import type { OpenEpisode } from './observation.ts'
import type { CombinedTrigger, VotesTrigger } from './policy.ts'

/** What a member of a combined trigger said; null: it did not fire. */
export interface MemberAnswer {
  readonly fired: FiredTrigger | null
  /** Whole: sums of them do not depend on their order. */
  readonly weight: number
}

/**
 * Joins the members' answers of one evaluation: `any` needs one that fired, `all` every one, `at-least` so
 * many, `votes` so much weight; without members none of them fires. The order in which members are written
 * changes nothing of the answer. Where several answer an episode, performance speaks before data, because a
 * request is dated by its episode and it is performance that a retrain is to mend.
 */
export function combine(
  trigger: CombinedTrigger | VotesTrigger,
  members: readonly MemberAnswer[],
): FiredTrigger | null {
  const firing = members.flatMap(({ fired, weight }) => (fired === null ? [] : [{ fired, weight }]))
  const weightOf = (of: typeof firing) => of.reduce((sum, { weight }) => sum + weight, 0)
  const needed = neededOf(trigger, members.length)
  if (firing.length === 0 || weightOf(firing) < needed) return null
  const certain = firing.filter(({ fired }) => !fired.measured)
  const measured = certain.length === 0 || weightOf(certain) < needed
  return {
    ...joined(
      trigger,
      firing.map(({ fired }) => fired),
    ),
    measured,
  }
}

function neededOf(trigger: CombinedTrigger | VotesTrigger, members: number): number {
  if (trigger.kind === 'any') return 0
  return trigger.kind === 'all' ? members : (trigger.needed ?? members)
}

/** The answers of members as one, in the order of their names. */
export function joined(
  trigger: Pick<FiredTrigger, 'name' | 'kind'>,
  members: readonly FiredTrigger[],
): FiredTrigger {
  const fired = [...members].sort((a, b) => (a.name < b.name ? -1 : 1))
  const episode = fired.flatMap((member) => member.episode ?? []).sort(byUrgency)[0] ?? null
  const evidence = fired.flatMap((member) => member.evidence)
  return {
    name: trigger.name,
    kind: trigger.kind,
    members: fired.map((member) => member.name),
    reason: fired.map((member) => `${member.name}: ${member.reason}`).join('; '),
    episode,
    // What the request is dated by comes first.
    evidence: [...new Set([...(episode?.findings ?? []), ...evidence])],
    measured: fired.some((member) => member.measured),
    schedules: fired.flatMap((member) => member.schedules),
  }
}

function byUrgency(a: OpenEpisode, b: OpenEpisode): number {
  const rank = ({ concern }: OpenEpisode): number => (concern === 'performance' ? 0 : 1)
  return rank(a) - rank(b) || a.changedAt - b.changedAt || (a.id < b.id ? -1 : 1)
}
