import { AssignerProtocol, type PartitionAssigner } from 'kafkajs'
import { assignCoPartitioned } from '../assignment.ts'

const NAME = 'driftstream-co-partitioned'
const VERSION = 1

/** The client's own round robin deals topic by topic: a prediction and its label may end at two members. */
export const coPartitionAssigner: PartitionAssigner = ({ cluster }) => ({
  name: NAME,
  version: VERSION,
  protocol: ({ topics }) => ({
    name: NAME,
    metadata: AssignerProtocol.MemberMetadata.encode({
      version: VERSION,
      topics,
      userData: Buffer.alloc(0),
    }),
  }),
  assign: async ({ members }) => {
    const subscriptions = members.map(({ memberId, memberMetadata }) => ({
      memberId,
      topics: AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? [],
    }))
    const topics = [...new Set(subscriptions.flatMap((member) => member.topics))]
    await cluster.addMultipleTargetTopics(topics)
    const counts = new Map(
      topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length] as const),
    )
    return [...assignCoPartitioned(subscriptions, counts)].map(([memberId, partitions]) => {
      const assignment: Record<string, number[]> = Object.create(null)
      for (const { topic, partition } of partitions) {
        assignment[topic] ??= []
        assignment[topic].push(partition)
      }
      const memberAssignment = AssignerProtocol.MemberAssignment.encode({
        version: VERSION,
        assignment,
        userData: Buffer.alloc(0),
      })
      return { memberId, memberAssignment }
    })
  },
})
