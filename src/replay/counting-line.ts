import type { DeploymentEvent } from '../events/deployment-event.ts'
import type { DriftEvent } from '../events/drift-event.ts'
import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { DeltaEntry, DeltaSource, StreamCounts } from '../sketches/delta.ts'
import { supersedes } from '../sketches/reference-learned.ts'
import type { Reference } from '../sketches/types.ts'
import { detectDelta, detectDeployment, detectReference, detectSample } from '../steps/detect.ts'
import {
  createDetectState,
  type DecideAtPane,
  type DetectOutput,
  type DetectState,
} from '../steps/detect-state.ts'
import {
  createObserveState,
  type ObserveContext,
  type ObserveState,
  observeFeature,
  observeLabel,
  takeEntries,
} from '../steps/observe.ts'
import type { ModelOptions, StreamOptions } from '../steps/options.ts'
import type { Rejection } from '../steps/refused-events.ts'
import { paneStart } from '../windows/pane.ts'

export interface LineOptions {
  readonly stream: StreamOptions
  readonly models: ReadonlyMap<string, ModelOptions>
  readonly topics: { readonly features: string; readonly labels: string }
  /** A flush comes after so many events at the latest, as on a topic. */
  readonly flushEventsMax: number
  readonly references: readonly Reference[]
  readonly decide?: DecideAtPane
}

/** What one flush brought: the counts that went to the detector, and what it made of them. */
export interface Flushed {
  readonly entries: readonly DeltaEntry[]
  readonly counts: StreamCounts
  readonly output: DetectOutput
}

/** Where an event stood in its source. */
export interface Position {
  readonly partition: number
  readonly offset: number
  /** When the record was written, epoch ms; null where no record was. */
  readonly timestamp: number | null
}

/**
 * The observer's step and the detector's, one behind the other, with no log between them: one task that has
 * all partitions. It flushes with the event that lets a pane close, so what has come by then is judged, and
 * nothing that came later.
 *
 * Rows have no record time of their own: they are taken to have come at the latest time seen before them, so
 * a row that stands too far behind its neighbours is refused as a record that came so late would be.
 */
export class CountingLine {
  readonly detect: DetectState = createDetectState()
  readonly #observe: ObserveState = createObserveState(0)
  readonly #options: LineOptions
  readonly #context: ObserveContext
  readonly #references = new Map<string, Map<string, Reference>>()
  readonly #onFlush: (flushed: Flushed) => void
  /** Stream time at which the next pane closes. */
  #closesAt = Number.NEGATIVE_INFINITY
  #sinceFlush = 0
  #readAt = Number.NEGATIVE_INFINITY
  /** Positions read since the last flush, features before labels, by partition. */
  readonly #featureRanges: (DeltaRange | null)[] = []
  readonly #labelRanges: (DeltaRange | null)[] = []

  constructor(options: LineOptions, onFlush: (flushed: Flushed) => void) {
    this.#options = options
    this.#onFlush = onFlush
    this.#context = {
      stream: options.stream,
      models: options.models,
      referenceOf: (model, version) => this.#references.get(model)?.get(version) ?? null,
    }
    for (const reference of options.references) this.addReference(reference)
  }

  /** Largest event time of a feature event so far, epoch ms; -Infinity before the first. */
  get watermark(): number {
    return this.#observe.watermark
  }

  referenceOf(model: string, version: string): Reference | null {
    return this.#context.referenceOf(model, version)
  }

  /** From the next event on its version is counted on it, and judged by it. */
  addReference(reference: Reference): void {
    const { model, version } = reference
    const versions = this.#references.get(model) ?? new Map<string, Reference>()
    if (supersedes(reference, versions.get(version))) versions.set(version, reference)
    this.#references.set(model, versions)
    detectReference(this.detect, reference, this.#detectContext())
  }

  /** What a deployment says to the detector; where another version serves now, what is over with the one before. */
  deploy(event: DeploymentEvent): readonly DriftEvent[] {
    return detectDeployment(this.detect, event, this.#detectContext()).drift
  }

  /** Counts one feature event, or says why not. */
  feature(event: FeatureEventView, position: Position): Rejection | null {
    noteRange(this.#featureRanges, position)
    this.#readAt = Math.max(this.#readAt, event.at)
    const { offset } = position
    const arrival = { offset, timestamp: position.timestamp ?? this.#readAt, counted: true }
    const rejection = observeFeature(this.#observe, event, arrival, this.#context)
    this.#flushWhenDue()
    return rejection
  }

  /** Counts one label event, or says why not. */
  label(event: Readonly<LabelEvent>, position: Position): Rejection | null {
    noteRange(this.#labelRanges, position)
    this.#readAt = Math.max(this.#readAt, event.at)
    const { offset } = position
    const arrival = { offset, timestamp: position.timestamp ?? this.#readAt, counted: true }
    const rejection = observeLabel(this.#observe, event, arrival, this.#context)
    this.#flushWhenDue()
    return rejection
  }

  /** Hands what was counted to the detector. */
  flush(): void {
    const { detect } = this
    const samples = this.#observe.sampler.take(
      0,
      (model, version) => this.referenceOf(model, version) !== null,
    )
    for (const sample of samples) detectSample(detect, sample, this.#detectContext())
    const { watermark } = this.#observe
    const { entries, pairs, stream: counts, flush } = takeEntries(this.#observe)
    const { topics, stream } = this.#options
    const sources: DeltaSource[] = [
      ...sourcesOf(topics.features, this.#featureRanges, watermark),
      ...sourcesOf(topics.labels, this.#labelRanges, this.#observe.labelWatermark),
    ]
    const delta = {
      task: 0,
      flush,
      part: 0,
      parts: 1,
      sources,
      watermark,
      idle: false,
      stream: counts,
      entries,
      pairs,
    }
    const output = detectDelta(detect, delta, this.#detectContext())
    for (const reference of output.references) this.addReference(reference)
    this.#sinceFlush = 0
    if (Number.isFinite(watermark)) {
      this.#closesAt = paneStart(watermark - stream.graceMs, stream.paneMs) + stream.paneMs + stream.graceMs
    }
    this.#onFlush({ entries, counts, output })
  }

  #flushWhenDue(): void {
    this.#sinceFlush++
    if (this.#observe.watermark < this.#closesAt && this.#sinceFlush < this.#options.flushEventsMax) return
    if (Number.isFinite(this.#observe.watermark)) this.flush()
  }

  #detectContext() {
    const { stream, models, decide } = this.#options
    return { stream, models, taskCount: 1, ...(decide === undefined ? {} : { decide }) }
  }
}

interface DeltaRange {
  from: number
  to: number
}

function noteRange(ranges: (DeltaRange | null)[], { partition, offset }: Position): void {
  const range = ranges[partition]
  if (range === undefined || range === null) ranges[partition] = { from: offset, to: offset + 1 }
  else range.to = offset + 1
}

/** What was read since the last call; the next begins where this ends. */
function sourcesOf(topic: string, ranges: (DeltaRange | null)[], readUntil: number): DeltaSource[] {
  return ranges.flatMap((range, partition) => {
    if (!range || range.from === range.to) return []
    const source = { topic, partition, from: range.from, to: range.to, readUntil }
    range.from = range.to
    return [source]
  })
}
