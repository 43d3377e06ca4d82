import type { ByteRange } from './byte-range.ts'
import type { FeatureEvent, FeatureValue } from './feature-event.ts'
import { gatherValues } from './gather-values.ts'

/** What an event says of some features, in the order in which they were asked for. */
export interface FeatureValues {
  /** As a parsed event has them, `undefined` where one is missing. */
  readonly values: readonly (FeatureValue | undefined)[]
  /** How many features the event has besides these. */
  readonly others: number
}

/** The features of one event, whichever way it was read. */
export interface EventFeatures {
  /**
   * The values of features of these names, which differ. Ask with the same array again: what it takes to
   * find them is kept by it, and so is the answer, which the next call with it overwrites.
   */
  valuesOf(names: readonly string[]): FeatureValues
  /**
   * Where all features of these names are numbers: writes them to `into` from `at` on and returns how many
   * other features the event has. Otherwise -1, and what stands in `into` means nothing. Absent where it would
   * save nothing.
   */
  numbersInto?(names: readonly string[], into: Float64Array, at: number): number
}

/**
 * A feature event as counting sees it: parsed whole, or read field by field from its bytes. It has no
 * segment, which nothing counts by.
 */
export interface FeatureEventView extends Readonly<Omit<FeatureEvent, 'features' | 'segment'>> {
  readonly features: EventFeatures
  /** The UTF-16 units of `id` one byte each, where they lie somewhere already: a look-up needs no string. */
  readonly idBytes?: ByteRange | null
}

/** The features of an event that was parsed. */
export class ParsedFeatures implements EventFeatures {
  readonly #record: FeatureEvent['features']

  constructor(record: FeatureEvent['features']) {
    this.#record = record
  }

  valuesOf(names: readonly string[]): FeatureValues {
    return gatherValues(names, this.#record)
  }
}

export function viewOf(event: FeatureEvent): FeatureEventView {
  const { model, version, id, at, prediction, score } = event
  return { model, version, id, at, prediction, score, features: new ParsedFeatures(event.features) }
}
