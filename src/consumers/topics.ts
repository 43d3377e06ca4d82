import type { TopicNames } from '../config/options.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { Log, TopicSpec } from '../log/port.ts'

export type PartitionCounts = { readonly [name in keyof TopicNames]: number }

const DAY_MS = 86_400_000
const FOREVER = '-1'

/**
 * How long each topic keeps its records, by what is rebuilt from it. References and deployments are the
 * memory of which version serves on which edges: a restart reads them from the start.
 */
const RETENTION_MS: { readonly [name in keyof TopicNames]: string } = {
  features: String(60 * DAY_MS),
  labels: String(60 * DAY_MS),
  sketches: String(60 * DAY_MS),
  references: FOREVER,
  driftEvents: FOREVER,
  retrainRequests: FOREVER,
  commands: String(60 * DAY_MS),
  deployments: FOREVER,
  // Every decision that rests on one carries its numbers.
  comparisons: String(60 * DAY_MS),
  deadLetters: String(30 * DAY_MS),
  health: String(60 * DAY_MS),
  // As long as the sketches: of a slow stream the newest is old, and is read all the same.
  snapshots: String(60 * DAY_MS),
}

/** Specifications for `topics create`; `keepForever` is for streams whose timestamps lie in the past. */
export function topicSpecs(
  names: TopicNames,
  partitions: number,
  replicationFactor: number,
  keepForever = false,
): TopicSpec[] {
  return topicKeys(names).map((key) => ({
    topic: names[key],
    partitions,
    replicationFactor,
    settings: { 'cleanup.policy': 'delete', 'retention.ms': keepForever ? FOREVER : RETENTION_MS[key] },
  }))
}

/**
 * Partition counts of all topics, checked: every topic exists, features and labels match (the join is
 * local to a partition number), and so do the four control topics keyed by model.
 * @throws TOPIC_MISSING or TOPIC_PARTITIONS_MISMATCH, the message listing every fault at once
 */
export async function checkTopics(log: Log, names: TopicNames): Promise<PartitionCounts> {
  const counts = await log.partitionCounts(Object.values(names))
  const faults: { code: ErrorCode; text: string }[] = []
  for (const key of topicKeys(names)) {
    if (!counts.has(names[key])) {
      faults.push({
        code: 'TOPIC_MISSING',
        text: `topics.${key}: expected the topic "${names[key]}" to exist, it does not (driftstream topics create)`,
      })
    }
  }
  const match = (first: keyof TopicNames, second: keyof TopicNames, why: string) => {
    const one = counts.get(names[first])
    const two = counts.get(names[second])
    if (one === undefined || two === undefined || one === two) return
    faults.push({
      code: 'TOPIC_PARTITIONS_MISMATCH',
      text: `topics.${second}: expected ${one} partitions as "${names[first]}" has, "${names[second]}" has ${two}: ${why}`,
    })
  }
  match('features', 'labels', 'a label is joined on the partition number of its prediction')
  match('sketches', 'references', 'one task reads a model on both')
  match('sketches', 'deployments', 'one task reads a model on both')
  match('sketches', 'snapshots', 'a task keeps its snapshots under its own number')
  match('retrainRequests', 'deployments', 'one task reads a model on both')
  match('retrainRequests', 'commands', 'one task reads a model on both')
  match('retrainRequests', 'comparisons', 'one task reads a model on both')

  const first = faults[0]
  if (first !== undefined) {
    throw new DriftstreamError(first.code, faults.map(({ text }) => text).join('\n'), {
      faults: faults.length,
    })
  }
  return Object.fromEntries(topicKeys(names).map((key) => [key, counts.get(names[key])!])) as PartitionCounts
}

/**
 * Those of some topics of which the beginning is gone, where all of it was to be kept: a version whose reference
 * lay there is not judged when it serves again, after a roll-back or a restart. Compaction leaves the beginning
 * where it is, and is not seen.
 */
export async function shortenedTopics(log: Log, topics: readonly string[]): Promise<readonly string[]> {
  const isShortened = async (topic: string) => (await log.offsets(topic)).some(({ low }) => low > 0)
  const found = await Promise.all(topics.map(isShortened))
  return topics.filter((_, at) => found[at])
}

function topicKeys(names: TopicNames): (keyof TopicNames)[] {
  return Object.keys(names) as (keyof TopicNames)[]
}
