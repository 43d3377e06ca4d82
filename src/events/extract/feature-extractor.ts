import { type CopyableValue, viewOfValue } from '../copyable-value.ts'
import { createJsonDecoder, type SourceDecoder } from '../decode-source-event.ts'
import { type FeatureEvent, SEGMENT_LENGTH_MAX } from '../feature-event.ts'
import {
  type EventFeatures,
  type FeatureEventView,
  type FeatureValues,
  ParsedFeatures,
} from '../feature-event-view.ts'
import type { Mapping } from '../mapping.ts'
import { type Attempts, BackOff } from './back-off.ts'
import { EventFields } from './event-fields.ts'
import { type EventPlan, planEvent } from './event-plan.ts'
import { EventReader } from './event-reader.ts'
import { FeatureSelection } from './feature-selection.ts'
import { NO_SLOT } from './key-table.ts'
import { ReadEvent } from './read-event.ts'

/**
 * From a record's bytes to what a feature event says, without parsing it. Whatever this answers, the JSON
 * decoder of the same mapping answers: a record in which anything is in doubt is decoded.
 */
export interface FeatureExtractor {
  /**
   * One object, written anew by each call: what it and its features tell holds until the next.
   * @throws what the decoder throws
   */
  extract(value: Uint8Array | CopyableValue | null): FeatureEventView
  /** Records read without parsing so far. */
  readonly readCount: number
  /** Records decoded so far, those refused included. */
  readonly decodedCount: number
}

/**
 * `attempts` decides which records are worth reading; the default pauses where none was. `decoder` is asked
 * for the others.
 */
export function createFeatureExtractor(
  mapping: Mapping,
  attempts: Attempts = new BackOff(),
  decoder: SourceDecoder = createJsonDecoder(mapping),
): FeatureExtractor {
  return new JsonFeatureExtractor(mapping, attempts, decoder)
}

const NO_FEATURES = new ParsedFeatures({})

class JsonFeatureExtractor implements FeatureExtractor, EventFeatures {
  readCount = 0
  decodedCount = 0
  readonly #plan: EventPlan
  readonly #reader: EventReader
  /** The features of the last event where it was decoded, null where it was read. */
  #parsed: ParsedFeatures | null = NO_FEATURES
  readonly #selections = new WeakMap<readonly string[], FeatureSelection>()
  #lastNames: readonly string[] | null = null
  #lastSelection: FeatureSelection | null = null
  readonly #decoder: SourceDecoder
  readonly #attempts: Attempts
  readonly #fields: EventFields
  readonly #event: ReadEvent
  readonly #model: number
  readonly #version: number
  readonly #id: number
  readonly #at: number
  readonly #prediction: number
  readonly #score: number
  readonly #segment: number

  constructor(mapping: Mapping, attempts: Attempts, decoder: SourceDecoder) {
    this.#plan = planEvent({ ...mapping.feature })
    this.#reader = new EventReader(this.#plan)
    this.#decoder = decoder
    this.#attempts = attempts
    this.#fields = new EventFields(this.#reader)
    this.#event = new ReadEvent(this, this.#reader.record)
    const slotOf = (field: string): number => this.#plan.slots.get(field) ?? NO_SLOT
    this.#model = slotOf('model')
    this.#version = slotOf('version')
    this.#id = slotOf('id')
    this.#at = slotOf('at')
    this.#prediction = slotOf('prediction')
    this.#score = slotOf('score')
    this.#segment = slotOf('segment')
  }

  extract(value: Uint8Array | CopyableValue | null): FeatureEventView {
    let metUnknownFeature = false
    if (value !== null && this.#attempts.next()) {
      const read = this.#reader.read(value) && this.#readFields()
      this.#attempts.settle(read)
      if (read) {
        this.#parsed = null
        this.readCount++
        return this.#event
      }
      metUnknownFeature = this.#reader.metUnknownFeature
    }
    this.#parsed = NO_FEATURES
    this.decodedCount++
    const decoded = this.#decoder.feature(value === null ? null : viewOfValue(value))
    if (metUnknownFeature) this.#learn(decoded.features)
    this.#parsed = new ParsedFeatures(decoded.features)
    const event = this.#event
    event.model = decoded.model
    event.version = decoded.version
    event.setId(decoded.id)
    event.at = decoded.at
    event.prediction = decoded.prediction
    event.score = decoded.score
    return event
  }

  valuesOf(names: readonly string[]): FeatureValues {
    return this.#parsed === null ? this.#selectionOf(names).look() : this.#parsed.valuesOf(names)
  }

  numbersInto(names: readonly string[], into: Float64Array, at: number): number {
    return this.#parsed === null ? this.#selectionOf(names).numbersInto(into, at) : -1
  }

  #selectionOf(names: readonly string[]): FeatureSelection {
    if (this.#lastNames === names) return this.#lastSelection!
    let selection = this.#selections.get(names)
    if (selection === undefined) {
      selection = new FeatureSelection(names, this.#plan, this.#reader)
      this.#selections.set(names, selection)
    }
    this.#lastNames = names
    this.#lastSelection = selection
    return selection
  }

  /** False where the schema would refuse a field, or has more to say about it. */
  #readFields(): boolean {
    if (this.#reader.featureCount < 0) return false
    const { cells } = this.#reader
    const fields = this.#fields
    const model = fields.model(this.#model)
    const version = fields.version(this.#version)
    const isPlainId = fields.isPlainId(this.#id)
    const id = isPlainId ? '' : fields.id(this.#id)
    const at = fields.time(this.#at)
    const prediction = fields.outcome(this.#prediction)
    const score = fields.score(this.#score)
    if (model === null || version === null || id === null || prediction === null || score === null)
      return false
    if (Number.isNaN(at) || !fields.allowsSegment(this.#segment, SEGMENT_LENGTH_MAX)) return false
    const event = this.#event
    event.model = model
    event.version = version
    if (isPlainId) event.setIdBytes(cells.starts[this.#id]!, cells.ends[this.#id]!)
    else event.setId(id)
    event.at = at
    event.prediction = prediction
    event.score = score
    return true
  }

  /**
   * A table that is full learns nothing more: it goes on serving the features it knows. Only when reading is
   * given up anyway are they forgotten, for others to have their turn.
   */
  #learn(features: FeatureEvent['features']): void {
    const { keys, features: opening } = this.#plan
    const names = Object.keys(features)
    if (keys.size + names.length > keys.capacity) {
      if (!this.#attempts.hopeless) return
      this.#reader.forget()
    }
    for (const name of names) keys.addKey(opening, name)
  }
}
