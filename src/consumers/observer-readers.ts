import type { AppOptions } from '../config/options.ts'
import { createSourceDecoder } from '../events/decode-source-event.ts'
import type { Attempts } from '../events/extract/back-off.ts'
import { createFeatureExtractor, type FeatureExtractor } from '../events/extract/feature-extractor.ts'
import { createLabelExtractor, type LabelExtractor } from '../events/extract/label-extractor.ts'
import type { Edge } from './edge.ts'
import { LabelEnds } from './label-ends.ts'
import { ReferenceTable } from './reference-table.ts'
import type { PartitionCounts } from './topics.ts'

/** From the bytes of a record to the event in them. All tasks share them: what one learns serves all. */
export interface Extractors {
  readonly features: FeatureExtractor
  readonly labels: LabelExtractor
}

/** What all tasks of an observer use. */
export interface Readers {
  readonly partitions: PartitionCounts
  readonly extractors: Extractors
  readonly references: ReferenceTable
  readonly labelEnds: LabelEnds
}

export async function openReaders(
  options: AppOptions,
  partitions: PartitionCounts,
  edge: Edge,
  attempts: () => Attempts,
): Promise<Readers> {
  const topics = options.topics.names
  const decoder = createSourceDecoder(options.mapping, edge.schemas ?? null)
  return {
    partitions,
    references: await ReferenceTable.open(edge.log, topics.references, edge.logger),
    extractors: {
      features: createFeatureExtractor(options.mapping, attempts(), decoder),
      labels: createLabelExtractor(options.mapping, attempts(), decoder),
    },
    labelEnds: new LabelEnds(edge.log, topics.labels),
  }
}
