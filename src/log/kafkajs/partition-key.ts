import type { TopicPartition } from '../port.ts'

/** One text a partition: no topic's name has a slash. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
