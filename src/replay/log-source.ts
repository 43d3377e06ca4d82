import { createSourceDecoder } from '../events/decode-source-event.ts'
import { createFeatureExtractor } from '../events/extract/feature-extractor.ts'
import { createLabelExtractor } from '../events/extract/label-extractor.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Mapping } from '../events/mapping.ts'
import type { Log, OffsetRange } from '../log/port.ts'
import type { SchemaTable } from '../registry/schema-table.ts'
import type { HistorySource } from './history.ts'
import type { History } from './replay-options.ts'

/** The topics of a history that lies in a log. */
export interface LoggedHistory {
  readonly mapping: Mapping
  readonly topics: { readonly features: string; readonly labels: string }
  /** By the times of the records, epoch ms. */
  readonly range: TimeRange
  /** Absent: events are JSON. */
  readonly schemas?: SchemaTable
}

/**
 * A range of the features and labels topics, each partition a source. What retention has dropped is not
 * there, and what is written from now on is not waited for.
 * @throws TOPIC_MISSING; SCHEMA_REGISTRY_UNAVAILABLE while it is read
 */
export async function openLogged(
  log: Log,
  { mapping, topics, range, schemas }: LoggedHistory,
): Promise<History> {
  const features = await rangesOf(log, topics.features, range)
  const labels = await rangesOf(log, topics.labels, range)
  const decoder = createSourceDecoder(mapping, schemas ?? null)
  return {
    features: features.map((each) => {
      const extractor = createFeatureExtractor(mapping, undefined, decoder)
      return recordsOf(log, schemas, each, (value) => extractor.extract(value))
    }),
    labels: labels.map((each) => {
      const extractor = createLabelExtractor(mapping, undefined, decoder)
      return recordsOf(log, schemas, each, (value) => extractor.extract(value))
    }),
  }
}

async function rangesOf(log: Log, topic: string, { fromMs }: TimeRange): Promise<OffsetRange[]> {
  const ends = await log.offsets(topic)
  const from = Number.isFinite(fromMs) ? await log.offsetsAt(topic, fromMs) : []
  return ends.flatMap(({ partition, low, high }) => {
    const first = from.find((at) => at.partition === partition)?.offset ?? low
    // To the end: times of records need not rise, and whoever walks over them goes by the time of each.
    return first < high ? [{ topic, partition, from: first, to: high }] : []
  })
}

function recordsOf<Event>(
  log: Log,
  schemas: SchemaTable | undefined,
  range: OffsetRange,
  read: (value: Uint8Array | null) => Event,
): HistorySource<Event> {
  const { topic, partition } = range
  return {
    topic,
    async *batches() {
      for await (const { records } of log.read([range])) {
        await schemas?.settled(records)
        yield {
          length: records.length,
          partition,
          event: (index) => read(records[index]!.value),
          offset: (index) => records[index]!.offset,
          timestamp: (index) => records[index]!.timestamp,
          place: (index) => `${topic}, partition ${partition}, offset ${records[index]!.offset}`,
        }
      }
    },
  }
}
