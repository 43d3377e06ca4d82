import type { TopicPartition } from './port.ts'

export interface Subscription {
  readonly memberId: string
  readonly topics: readonly string[]
}

/**
 * Co-partitioned round robin: partition p of every topic goes to the same member, so that a prediction and
 * its label meet in one process. Members are dealt in the order of their ids; whoever computes it gets the
 * same answer. Members of one group normally subscribe alike; where they do not, each topic is dealt among
 * its own subscribers, and only members with equal subscriptions are co-partitioned.
 */
export function assignCoPartitioned(
  subscriptions: readonly Subscription[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, TopicPartition[]> {
  const byId = [...subscriptions].sort((a, b) =>
    a.memberId < b.memberId ? -1 : a.memberId > b.memberId ? 1 : 0,
  )
  const assigned = new Map<string, TopicPartition[]>(byId.map(({ memberId }) => [memberId, []]))
  for (const topic of [...new Set(byId.flatMap((member) => member.topics))].sort()) {
    const subscribers = byId.filter((member) => member.topics.includes(topic))
    for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition++) {
      const owner = subscribers[partition % subscribers.length]!
      assigned.get(owner.memberId)!.push({ topic, partition })
    }
  }
  return assigned
}
