import { readInTimeOrder } from '../../src/consumers/time-order.ts'
import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { deploymentEventType } from '../../src/events/deployment-event.ts'
import { referenceEventType } from '../../src/events/reference-event.ts'
import { partitionOf } from '../../src/log/partition-of.ts'
import type { LogRecord } from '../../src/log/port.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { decodeReferenceSample, isReferenceSample } from '../../src/sketches/reference-sample-codec.ts'
import { fromReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { detectDelta, detectDeployment, detectReference, detectSample } from '../../src/steps/detect.ts'
import type { DetectContext, DetectOutput, DetectState } from '../../src/steps/detect-state.ts'
import { openSmallPipeline, type SmallVariant } from './small-pipeline.ts'
import type { SmallWorld } from './small-world.ts'

const PARTITIONS = 3

/** One record of those that a detector reads, and where it stood. */
export interface RecordedRecord {
  readonly topic: string
  readonly record: LogRecord
}

/** All that a detector of the small model reads while the world turns, and its configuration. */
export async function recordedSmall(
  world: SmallWorld,
  variant: SmallVariant,
  minutes = 40,
): Promise<{ records: RecordedRecord[]; context: DetectContext }> {
  const pipeline = await openSmallPipeline(world, undefined, variant)
  await pipeline.play(world, 0, minutes)
  const partition = partitionOf('small', PARTITIONS)
  const ranges = []
  for (const topic of ['sketches', 'references', 'deployments']) {
    const { high } = (await pipeline.log.offsets(topic))[partition]!
    ranges.push({ topic, partition, from: 0, to: high })
  }
  const records: RecordedRecord[] = []
  for await (const { record, source } of readInTimeOrder(pipeline.log, ranges)) {
    records.push({ topic: source.topic, record })
  }
  const { stream, models } = pipeline.options
  await pipeline.stop()
  return { records, context: { stream, models, taskCount: PARTITIONS } satisfies DetectContext }
}

/** Has a detector read one of them. */
export function detectRecord(
  state: DetectState,
  { topic, record }: RecordedRecord,
  context: DetectContext,
): DetectOutput {
  const { value, headers } = record
  if (topic === 'references') {
    const event = decodeCloudEvent(referenceEventType, value, headers)
    return detectReference(state, fromReferenceEvent(event), context)
  }
  if (topic === 'deployments') {
    return detectDeployment(state, decodeCloudEvent(deploymentEventType, value, headers), context)
  }
  if (isReferenceSample(value!)) return detectSample(state, decodeReferenceSample(value!), context)
  return detectDelta(state, decodeDelta(value!), context)
}
