import { DriftstreamError } from '../errors/driftstream-error.ts'
import { createSourceDecoder, type SourceDecoder } from '../events/decode-source-event.ts'
import { createFeatureExtractor } from '../events/extract/feature-extractor.ts'
import { createLabelExtractor } from '../events/extract/label-extractor.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { TimeRange } from '../events/fields.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { Mapping } from '../events/mapping.ts'
import type { Log, OffsetRange } from '../log/port.ts'
import type { SchemaTable } from '../registry/schema-table.ts'
import type { HistorySource } from './history.ts'
import { type OffsetSpan, rangesOfSpans } from './offset-spans.ts'
import type { History } from './replay-options.ts'

/** The topics of a history that lies in a log, and what of them is read. */
export interface LoggedHistory {
  readonly mapping: Mapping
  readonly topics: { readonly features: string; readonly labels: string }
  /** By the times of the records, epoch ms. */
  readonly range: TimeRange
  /** By offset; both must hold. */
  readonly spans: readonly OffsetSpan[]
  readonly progress: RecordProgress
  /** Absent: events are JSON. */
  readonly schemas?: SchemaTable
}

/** How far a range has been read, in offsets; who reads keeps it true. */
export interface RecordProgress {
  recordsRead: number
  recordsTotal: number
}

/** Reads an event from the bytes of a record; may write it anew at each call. */
type ReadEvent<Event> = (value: Uint8Array | null) => Event

/**
 * A range of the features and labels topics, each partition a source. Of what is asked for by time, what
 * retention has dropped is not there; offsets that a partition does not hold are refused. What is written
 * from now on is not waited for.
 * @throws TOPIC_MISSING, HISTORY_INVALID; SCHEMA_REGISTRY_UNAVAILABLE while it is read
 */
export function openLogged(log: Log, logged: LoggedHistory): Promise<History> {
  return open<FeatureEventView>(log, logged, (decoder) => {
    const extractor = createFeatureExtractor(logged.mapping, undefined, decoder)
    return (value) => extractor.extract(value)
  })
}

/** The same range, its feature events whole: for a course that keeps them. Can be read again and again. */
export function openLoggedWhole(log: Log, logged: LoggedHistory) {
  return open<FeatureEvent>(log, logged, (decoder) => (value) => decoder.feature(value))
}

async function open<Event>(
  log: Log,
  logged: LoggedHistory,
  featureReader: (decoder: SourceDecoder) => ReadEvent<Event>,
) {
  const { mapping, topics, spans, progress, schemas } = logged
  const stranger = spans.find(({ topic }) => topic !== topics.features && topic !== topics.labels)
  if (stranger !== undefined) {
    const message = `--offsets: expected partitions of ${topics.features} or ${topics.labels}, got ${stranger.topic}`
    throw new DriftstreamError('HISTORY_INVALID', message)
  }
  const features = await rangesOf(log, topics.features, logged)
  const labels = await rangesOf(log, topics.labels, logged)
  const decoder = createSourceDecoder(mapping, schemas ?? null)
  progress.recordsTotal = [...features, ...labels].reduce((sum, { from, to }) => sum + to - from, 0)
  const labelReader = (): ReadEvent<Readonly<LabelEvent>> => {
    const extractor = createLabelExtractor(mapping, undefined, decoder)
    return (value) => extractor.extract(value)
  }
  return {
    features: features.map((each) => recordsOf(log, each, () => featureReader(decoder), logged)),
    labels: labels.map((each) => recordsOf(log, each, labelReader, logged)),
  }
}

async function rangesOf(log: Log, topic: string, { range, spans }: LoggedHistory): Promise<OffsetRange[]> {
  const ranges = rangesOfSpans(topic, await log.offsets(topic), spans)
  const { fromMs } = range
  const from = Number.isFinite(fromMs) ? await log.offsetsAt(topic, fromMs) : []
  return ranges.flatMap((each) => {
    const first = from.find((at) => at.partition === each.partition)?.offset ?? each.from
    const begin = Math.max(each.from, first)
    // To the end: times of records need not rise, and whoever walks over them goes by the time of each.
    return begin < each.to ? [{ ...each, from: begin }] : []
  })
}

function recordsOf<Event>(
  log: Log,
  range: OffsetRange,
  reader: () => ReadEvent<Event>,
  { progress, schemas }: LoggedHistory,
): HistorySource<Event> {
  const { topic, partition } = range
  let done = 0
  return {
    topic,
    async *batches() {
      const read = reader()
      // Each course reads it anew.
      progress.recordsRead -= done
      done = 0
      for await (const { records, nextOffset } of log.read([range])) {
        await schemas?.settled(records)
        yield {
          length: records.length,
          partition,
          event: (index) => read(records[index]!.value),
          offset: (index) => records[index]!.offset,
          timestamp: (index) => records[index]!.timestamp,
          place: (index) => `${topic}, partition ${partition}, offset ${records[index]!.offset}`,
        }
        progress.recordsRead += Math.min(nextOffset, range.to) - range.from - done
        done = Math.min(nextOffset, range.to) - range.from
      }
    },
  }
}
