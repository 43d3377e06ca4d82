/** So many predictions share a span: what is read again begins at most so much too early. */
const SPAN_ROWS = 256

interface Span {
  /** Offset of its first prediction. */
  readonly from: number
  /** Largest event time in it, epoch ms. */
  until: number
  /** Predictions without a label. */
  waiting: number
  /** Smallest offset of a label that one of its predictions has met. */
  labelsFrom: number
}

/**
 * Where the predictions of a join stood in the log, span by span in the order in which they came: what must be
 * known to say from where a join could be built again. About a third of a byte a prediction, wherever the
 * prediction itself is kept. Predictions go by number, counted from the first that ever came.
 */
export class PredictionSpans {
  #spans: Span[] = []
  /** Of the first span, counted as the predictions are. */
  #firstSpan = 0
  /** The oldest prediction that is kept. */
  #first = 0
  /** The number that the next prediction gets. */
  next = 0

  /** One behind all others, which waits for its label. */
  add(offset: number, at: number): void {
    const span = this.#spans[this.#spanOf(this.next++)]
    if (span === undefined) this.#spans.push({ from: offset, until: at, waiting: 1, labelsFrom: Infinity })
    else {
      span.waiting++
      if (at > span.until) span.until = at
    }
  }

  /** A prediction has met the label that stood at an offset. */
  join(number: number, labelOffset: number): void {
    const span = this.#spans[this.#spanOf(number)]!
    span.waiting--
    if (labelOffset < span.labelsFrom) span.labelsFrom = labelOffset
  }

  /** So many of the oldest are gone, and of those so many had met no label. */
  drop(count: number, alone: number): void {
    this.#first += count
    if (this.#first === this.next) {
      this.#spans = []
      this.#first = this.next = this.#firstSpan = 0
      return
    }
    const gone = this.#spans.splice(0, this.#spanOf(this.#first))
    this.#firstSpan += gone.length
    const before = gone.reduce((sum, { waiting }) => sum + waiting, 0)
    this.#spans[0]!.waiting -= alone - before
  }

  /** Where the span of a prediction begins. */
  fromOf(number: number): number {
    return this.#spans[this.#spanOf(number)]!.from
  }

  /**
   * Where the first span begins that holds a prediction without a label, or one whose event time is `since` or
   * later; Infinity where none does.
   */
  oldest(since: number): number {
    const found = this.#spans.find(({ waiting, until }) => waiting > 0 || until >= since)
    return found?.from ?? Number.POSITIVE_INFINITY
  }

  /** Where the first label stood that met a prediction at this offset or behind it; Infinity where none did. */
  labelsOf(from: number): number {
    let labels = Number.POSITIVE_INFINITY
    for (const [at, span] of this.#spans.entries()) {
      const next = this.#spans[at + 1]
      if (next === undefined || next.from > from) labels = Math.min(labels, span.labelsFrom)
    }
    return labels
  }

  #spanOf(number: number): number {
    return Math.floor(number / SPAN_ROWS) - this.#firstSpan
  }
}
