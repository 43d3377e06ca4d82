import type { OutgoingRecord } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import type { Installation } from './installation.ts'
import { smallReference } from './small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from './small-world.ts'

/** Publishes what is normal in a small world. */
export async function publishSmallReference(
  { names, partitions, producer }: Installation,
  world: SmallWorld,
): Promise<void> {
  const to = { topic: names.references, partitions }
  const stamp = { source: '/test', now: world.startMs }
  await producer.send([referenceRecord(toReferenceEvent(smallReference(world)), to, stamp)])
}

/** Writes the features and labels of one minute, answered by a version; how many events there were. */
export async function playMinute(
  { names, partitions, producer }: Installation,
  world: SmallWorld,
  minute: number,
  version = '1',
): Promise<number> {
  const events = minuteOf(world, minute)
  const features = { topic: names.features, partitions }
  const labels = { topic: names.labels, partitions }
  const records: OutgoingRecord[] = [
    ...events.map((event) => featureRecord(featureEventOf(event, version), features)),
    ...events.map((event) => labelRecord(labelEventOf(event), labels)),
  ]
  await producer.send(records)
  return events.length
}
