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

interface Ledger {
  readonly topic: string
  readonly partition: number
  /** Rising in offset and in watermark. */
  marks: Mark[]
  end: number
  watermark: number
}

const RESOLUTION_MS = 60_000

/**
 * Remembers which offsets the observers had read at which stream time, so that a range of event time can
 * be read again from the sources.
 */
export class OffsetLedger {
  readonly #ledgers = new Map<string, Ledger>()
  readonly #resolutionMs: number

  /** Marks of a partition lie at least `resolutionMs` of stream time apart: that bounds their number. */
  constructor(resolutionMs = RESOLUTION_MS) {
    this.#resolutionMs = resolutionMs
  }

  record({ topic, partition, from, to, watermark }: FlushedOffsets): void {
    const key = `${partition} ${topic}`
    const ledger = this.#ledgers.get(key)
    if (ledger === undefined) {
      const start = { offset: from, watermark: Number.NEGATIVE_INFINITY }
      this.#ledgers.set(key, { topic, partition, marks: [start], end: to, watermark })
      return
    }
    const last = ledger.marks.at(-1)!
    if (from > last.offset && ledger.watermark - last.watermark >= this.#resolutionMs) {
      ledger.marks.push({ offset: from, watermark: ledger.watermark })
    }
    ledger.end = Math.max(ledger.end, to)
    ledger.watermark = Math.max(ledger.watermark, watermark)
  }

  /**
   * The offsets, per source partition, that hold every recorded event of time `fromMs` or later: from the
   * last flush before which the watermark was still below `fromMs`, to the latest offset. Both ends err
   * outwards; the reader filters by event time, and late events of the range are there too. A label is never
   * older than its prediction, so labels of the range are there as well.
   */
  rangeFor(fromMs: number): SourceRange[] {
    return [...this.#ledgers.values()].map(({ topic, partition, marks, end }) => {
      const mark = marks.findLast(({ watermark }) => watermark < fromMs) ?? marks[0]!
      return { topic, partition, from: mark.offset, to: end }
    })
  }

  /** Forgets what only ranges starting before `ms` need. */
  evictBefore(ms: number): void {
    for (const ledger of this.#ledgers.values()) {
      const kept = ledger.marks.findLastIndex(({ watermark }) => watermark < ms)
      if (kept > 0) ledger.marks = ledger.marks.slice(kept)
    }
  }
}
