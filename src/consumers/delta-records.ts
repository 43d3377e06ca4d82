import { partitionOf } from '../log/partition-of.ts'
import type { OutgoingRecord } from '../log/port.ts'
import type { SketchDelta } from '../sketches/delta.ts'
import { encodeDelta } from '../sketches/delta-codec.ts'
import type { ReferenceSample } from '../sketches/reference-sample.ts'
import { encodeReferenceSample } from '../sketches/reference-sample-codec.ts'
import { splitDelta } from '../sketches/split-delta.ts'

/** One flush of an observer task as records: one or more for every sketches partition, also where nothing is for it. */
export function deltaRecords(
  flush: Omit<SketchDelta, 'part' | 'parts'>,
  topic: string,
  partitions: number,
  now: number,
): OutgoingRecord[] {
  const records: OutgoingRecord[] = []
  for (let partition = 0; partition < partitions; partition++) {
    const isHere = ({ model }: { readonly model: string }) => partitionOf(model, partitions) === partition
    const entries = flush.entries.filter(isHere)
    const pairs = (flush.pairs ?? []).filter(isHere)
    for (const delta of splitDelta({ ...flush, part: 0, parts: 1, entries, pairs })) {
      records.push({ topic, partition, key: null, value: encodeDelta(delta), timestamp: now })
    }
  }
  return records
}

/** Sampled rows of versions without a reference, each where the deltas of its model go. */
export function sampleRecords(
  samples: readonly ReferenceSample[],
  topic: string,
  partitions: number,
  now: number,
): OutgoingRecord[] {
  return samples.flatMap((sample) => {
    const partition = partitionOf(sample.model, partitions)
    return encodeReferenceSample(sample).map((value) => ({
      topic,
      partition,
      key: null,
      value,
      timestamp: now,
    }))
  })
}
