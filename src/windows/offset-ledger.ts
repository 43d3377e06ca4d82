/** A flush of one source partition: the offsets it covered, `to` excluded, and the time read until then. */
export interface FlushedOffsets {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
  /** Largest event time read from the partition after the flush, epoch ms; -Infinity before its first event. */
  readonly watermark: number
}

/** A run of records of one source partition: `from` included, `to` excluded. */
export interface SourceRange {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

/** Every event read before `offset` was of the time `watermark` or earlier. */
interface Mark {
  readonly offset: number
  readonly watermark: number
}

interface SourceLedger {
  readonly topic: string
  readonly partition: number
  /** Rising in offset and in watermark. */
  marks: Mark[]
  /** With so many marks those that have grown old are thinned. */
  thinAt: number
  end: number
  watermark: number
}

const RESOLUTION_MS = 60_000
/** Marks are as far apart as this part of their age: a range is read from at most so much too early. */
const AGE_SHARE = 1 / 128
const MARKS_BEFORE_THINNING = 512

/**
 * Remembers which offsets the observers had read at which stream time, so that a range of event time can
 * be read again from the sources, the finer the nearer: a partition's marks grow with the logarithm of its past,
 * below 2,000 for eight weeks. Plain data.
 */
export interface OffsetLedger {
  /** Marks of a partition lie at least so much stream time apart. */
  readonly resolutionMs: number
  readonly sources: Map<string, SourceLedger>
}

export function createOffsetLedger(resolutionMs = RESOLUTION_MS): OffsetLedger {
  return { resolutionMs, sources: new Map() }
}

/** Takes in one flush of one source partition. */
export function recordOffsets({ resolutionMs, sources }: OffsetLedger, flushed: FlushedOffsets): void {
  const { topic, partition, from, to, watermark } = flushed
  const key = `${partition} ${topic}`
  const source = sources.get(key)
  if (source === undefined) {
    const start = { offset: from, watermark: Number.NEGATIVE_INFINITY }
    sources.set(key, { topic, partition, marks: [start], thinAt: MARKS_BEFORE_THINNING, end: to, watermark })
    return
  }
  const last = source.marks.at(-1)!
  if (from > last.offset && source.watermark - last.watermark >= resolutionMs) {
    source.marks.push({ offset: from, watermark: source.watermark })
    if (source.marks.length >= source.thinAt) thinMarks(source, resolutionMs)
  }
  source.end = Math.max(source.end, to)
  source.watermark = Math.max(source.watermark, watermark)
}

/**
 * The offsets, per source partition, that hold every recorded event of time `fromMs` or later: from the
 * last flush before which the watermark was still below `fromMs`, to the latest offset. Both ends err
 * outwards; the reader filters by event time, and late events of the range are there too. A label is never
 * older than its prediction, so labels of the range are there as well.
 */
export function offsetsSince({ sources }: OffsetLedger, fromMs: number): SourceRange[] {
  return [...sources.values()].map(({ topic, partition, marks, end }) => {
    const mark = marks.findLast(({ watermark }) => watermark < fromMs) ?? marks[0]!
    return { topic, partition, from: mark.offset, to: end }
  })
}

/** Forgets what only ranges starting before `ms` need. */
export function forgetOffsetsBefore({ sources }: OffsetLedger, ms: number): void {
  for (const source of sources.values()) {
    // From the front: asked at every pane, it finds one mark more to forget, or none.
    const needed = source.marks.findIndex(({ watermark }) => watermark >= ms)
    const kept = (needed < 0 ? source.marks.length : needed) - 1
    if (kept > 0) source.marks = source.marks.slice(kept)
  }
}

/** Drops the marks without which no gap is wider than its age allows. Looks at all, so it is done rarely. */
function thinMarks(source: SourceLedger, resolutionMs: number): void {
  const { marks, watermark } = source
  const kept = [marks[0]!]
  for (let at = 1; at < marks.length - 1; at++) {
    const after = marks[at + 1]!.watermark
    const gap = after - kept.at(-1)!.watermark
    if (gap > Math.max(resolutionMs, (watermark - after) * AGE_SHARE)) kept.push(marks[at]!)
  }
  kept.push(marks.at(-1)!)
  source.marks = kept
  source.thinAt = kept.length + MARKS_BEFORE_THINNING
}
