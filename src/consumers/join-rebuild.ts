import type { AppOptions, TopicNames } from '../config/options.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { CommittedPosition, LogRecord, OffsetRange } from '../log/port.ts'
import {
  type Arrival,
  expireAgain,
  type ObserveContext,
  type ObserveState,
  observeLabel,
} from '../steps/observe.ts'
import type { Edge } from './edge.ts'
import { type JoinNote, readJoinNote } from './join-notes.ts'
import { waitingRanges } from './waiting-ranges.ts'

/** It had met its prediction; it waited for it; or nobody noted which. */
export type LabelFate = 'met' | 'waited' | 'unknown'

/** What is read again to build a task's label join, and what is known of it without reading. */
export interface JoinRebuild {
  /** Features before labels: what a label is that finds no prediction there, `fateOf` tells. */
  readonly ranges: readonly OffsetRange[]
  /** Largest event times that were read before, epoch ms; -Infinity where nobody noted them. */
  readonly until: { readonly features: number; readonly labels: number }
  /** Event time at which what had waited for too long was dropped last, and counted; -Infinity as above. */
  readonly expired: number
  /** Labels that had waited for their predictions, put here while they are read again. */
  readonly waited: { readonly event: LabelEvent; readonly arrival: Arrival }[]
  /** What became of the label at this offset, whose prediction may lie before what is read again. */
  fateOf(labelOffset: number): LabelFate
}

/**
 * What the last owner noted beside the committed positions says it; where it noted nothing, or what nobody can
 * read, all that may still wait is read: `labelWaitMs` of both topics.
 */
export async function planJoinRebuild(
  committed: readonly CommittedPosition[],
  { topics: { names: topics }, stream: { labelWaitMs } }: Pick<AppOptions, 'topics' | 'stream'>,
  { log, clock, logger }: Pick<Edge, 'log' | 'clock' | 'logger'>,
): Promise<JoinRebuild> {
  const features = noteAt(committed, topics.features)
  const labels = noteAt(committed, topics.labels)
  if (features !== null && labels !== null) return fromNotes(committed, topics, features, labels)
  const ranges = await waitingRanges(log, committed, labelWaitMs, clock.now())
  if (ranges.length > 0) {
    const noted = committed.flatMap(({ note }) => note ?? [])
    // Members of before wrote none; what is there and cannot be read is worth a look.
    const { partition: task } = committed[0]!
    if (noted.length === 0) logger.info({ task }, WHOLE)
    else logger.warn({ task, noted }, WHOLE)
  }
  const until = { features: Number.NEGATIVE_INFINITY, labels: Number.NEGATIVE_INFINITY }
  return { ranges, until, expired: Number.NEGATIVE_INFINITY, waited: [], fateOf: () => 'unknown' }
}

const WHOLE =
  'no note of the oldest prediction that waits: the label join is rebuilt from all of stream.labelWait'

function noteAt(committed: readonly CommittedPosition[], topic: string): JoinNote | null {
  const position = committed.find((each) => each.topic === topic)
  return position?.note === undefined ? null : readJoinNote(position.note, position.offset)
}

function fromNotes(
  committed: readonly CommittedPosition[],
  topics: Pick<TopicNames, 'features' | 'labels'>,
  features: JoinNote,
  labels: JoinNote,
): JoinRebuild {
  const rangeOf = (topic: string, { from }: JoinNote): OffsetRange[] => {
    const position = committed.find((each) => each.topic === topic)!
    const { partition, offset: to } = position
    return from < to ? [{ topic, partition, from, to }] : []
  }
  const early = labels.early === null ? null : new Set(labels.early)
  return {
    ranges: [...rangeOf(topics.features, features), ...rangeOf(topics.labels, labels)],
    until: { features: features.until, labels: labels.until },
    expired: features.expired,
    waited: [],
    fateOf: (labelOffset) => (early === null ? 'unknown' : early.has(labelOffset) ? 'waited' : 'met'),
  }
}

/** How a label is stepped that is read again; null where it waits for the end of the rebuild. */
export function readAgain(
  { fateOf, waited }: JoinRebuild,
  { offset, timestamp }: LogRecord,
  event: Readonly<LabelEvent>,
): Arrival | null {
  const fate = fateOf(offset)
  if (fate !== 'waited') return { offset, timestamp, counted: false, hasMet: fate === 'met' }
  // An extractor holds one event. Where its prediction never comes the label is counted, as it would have been.
  waited.push({ event: { ...event }, arrival: { offset, timestamp, counted: true } })
  return null
}

/** After all was read again: what is known without reading. */
export function endJoinRebuild(
  { until, expired, waited }: JoinRebuild,
  state: ObserveState,
  context: ObserveContext,
): void {
  // Before those labels wait again that had found nobody: they shall find nobody now.
  expireAgain(state, expired)
  for (const { event, arrival } of waited) observeLabel(state, event, arrival, context)
  state.watermark = Math.max(state.watermark, until.features)
  state.labelWatermark = Math.max(state.labelWatermark, until.labels)
}
