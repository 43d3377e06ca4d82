import type { TopicNames } from '../config/options.ts'
import type { OffsetRange } from '../log/port.ts'
import { joinOrigin } from '../steps/join-origin.ts'
import { completeUntil, type ObserveState } from '../steps/observe.ts'
import type { StreamOptions } from '../steps/options.ts'

/**
 * What stands beside the committed position of a source topic: from where it must be read to build the label
 * join again, and how far its event time had come.
 */
export interface JoinNote {
  /** At most the committed offset, which says that nothing is needed. */
  readonly from: number
  /** Largest event time read, epoch ms; -Infinity before the first. */
  readonly until: number
  /** Event time at which the join dropped what had waited for too long, epoch ms; -Infinity: none was dropped. */
  readonly expired: number
  /** Of labels: offsets of those that wait for their predictions; null where they are too many to be named. */
  readonly early: readonly number[] | null
}

const VERSION = 1
const RADIX = 36

/**
 * Notes of a task's two topics, as text, when its ranges are committed and what has waited for too long has been
 * dropped; at most a kilobyte each, which every broker takes by default.
 */
export function joinNotes(
  state: ObserveState,
  stream: StreamOptions,
  topics: Pick<TopicNames, 'features' | 'labels'>,
  ranges: readonly OffsetRange[],
): { features: string; labels: string } {
  const { features, labels, early } = joinOrigin(state, stream)
  const endOf = (topic: string) => ranges.find((range) => range.topic === topic)?.to ?? 0
  const expired = completeUntil(state)
  return {
    features: toText({
      from: Math.min(features, endOf(topics.features)),
      until: state.watermark,
      expired,
      early: [],
    }),
    labels: toText({
      from: Math.min(labels, endOf(topics.labels)),
      until: state.labelWatermark,
      expired,
      early,
    }),
  }
}

/** JSON has no infinities: a time that is none is null. */
function toText({ from, until, expired, early }: JoinNote): string {
  return JSON.stringify({ join: VERSION, from, until, expired, early: early && toGaps(early) })
}

/** The first, and how far each lies behind the one before: a hundred of them take some hundred characters. */
function toGaps(offsets: readonly number[]): string {
  return offsets.map((offset, at) => (offset - (offsets[at - 1] ?? 0)).toString(RADIX)).join(' ')
}

/** Null where it is no list of offsets that rise. */
function fromGaps(text: unknown): number[] | null {
  if (typeof text !== 'string' || !/^([0-9a-z]{1,11}( |$))*$/.test(text)) return null
  let offset = 0
  const gaps = text === '' ? [] : text.split(' ')
  return gaps.map((gap) => {
    offset += Number.parseInt(gap, RADIX)
    return offset
  })
}

/** The note that was written beside a committed offset; null where it is none, whoever wrote it. */
export function readJoinNote(text: string, committed: number): JoinNote | null {
  const note = parsed(text)
  if (note === null || note.join !== VERSION) return null
  const { from, until, expired, early } = note
  const isOffset = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
  if (!isOffset(from) || (from as number) > committed) return null
  if (!isTime(until) || !isTime(expired)) return null
  const named = fromGaps(early)
  if (early !== null && named === null) return null
  return {
    from: from as number,
    until: until ?? Number.NEGATIVE_INFINITY,
    expired: expired ?? Number.NEGATIVE_INFINITY,
    early: named,
  }
}

type Parsed = Partial<Record<keyof JoinNote | 'join', unknown>>

function isTime(value: unknown): value is number | null {
  return value === null || Number.isFinite(value)
}

function parsed(text: string): Parsed | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Parsed) : null
  } catch {
    return null
  }
}
