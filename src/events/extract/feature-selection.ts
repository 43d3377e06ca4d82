import type { FeatureEvent, FeatureValue } from '../feature-event.ts'
import { KIND } from './cells.ts'
import type { EventPlan } from './event-plan.ts'
import type { EventReader } from './event-reader.ts'

const { TRUE, FALSE, NULL } = KIND

/** Some features by name, and by position what the event that was looked at has for them. */
export interface FeatureSelection {
  readonly names: readonly string[]
  /**
   * Values that are numbers, infinite where the event says `1e999`; NaN, which JSON cannot say, where a value
   * is another or missing. One array, written anew by each look.
   */
  readonly numbers: Float64Array
  /** How many features the event has besides these. */
  readonly others: number
  /** Looks at the event that was extracted last. What it tells holds until the next is extracted. */
  look(): void
  /** The value as a parsed event has it, `undefined` where it is missing. */
  value(position: number): FeatureValue | undefined
}

/** What a selection looks at: the cells of a reader, or the features of an event that had to be parsed. */
export interface SelectionSource {
  readonly plan: EventPlan
  readonly reader: EventReader
  readonly parsed: FeatureEvent['features'] | null
}

/**
 * Only numbers are taken out of the cells at once, into an array of their own: as values among others each
 * would be boxed, which cost a fifth of reading the event.
 */
export class SelectedFeatures implements FeatureSelection {
  readonly names: readonly string[]
  readonly numbers: Float64Array
  others = 0
  readonly #source: SelectionSource
  /** The slot of each name, as of an epoch of the plan's keys. */
  readonly #slots: Int32Array
  #epoch = -1

  constructor(names: readonly string[], source: SelectionSource) {
    this.names = names
    this.numbers = new Float64Array(names.length).fill(Number.NaN)
    this.#source = source
    this.#slots = new Int32Array(names.length)
  }

  look(): void {
    const { parsed } = this.#source
    if (parsed === null) this.#lookAtCells()
    else this.#lookAtParsed(parsed)
  }

  value(position: number): FeatureValue | undefined {
    const number = this.numbers[position]!
    if (!Number.isNaN(number)) return number
    const { parsed, reader } = this.#source
    if (parsed !== null) return ownValue(parsed, this.names[position]!)
    const slot = this.#slots[position]!
    const kind = reader.cells.kind(slot)
    if (kind === NULL) return null
    if (kind === TRUE || kind === FALSE) return kind === TRUE
    return reader.scalars.text(slot) ?? undefined
  }

  /**
   * Without a branch as long as no feature is missing. A cell with another value has NaN for its number; a
   * missing feature's is what a record before had.
   */
  #lookAtCells(): void {
    const { plan, reader } = this.#source
    if (this.#epoch !== plan.keys.epoch) this.#findSlots(plan)
    const { marks, base, numbers } = reader.cells
    const own = this.numbers
    const slots = this.#slots
    let missing = 0
    for (let position = 0; position < slots.length; position++) {
      const slot = slots[position]!
      own[position] = numbers[slot]!
      missing = (missing + ((marks[slot]! - base) >>> 31)) | 0
    }
    this.others = reader.featureCount - slots.length + missing
    if (missing === 0) return
    for (let position = 0; position < slots.length; position++) {
      if (marks[slots[position]!]! < base) own[position] = Number.NaN
    }
  }

  #lookAtParsed(features: FeatureEvent['features']): void {
    let known = 0
    for (const [position, name] of this.names.entries()) {
      const value = ownValue(features, name)
      this.numbers[position] = typeof value === 'number' ? value : Number.NaN
      if (value !== undefined) known++
    }
    this.others = Object.keys(features).length - known
  }

  #findSlots(plan: EventPlan): void {
    for (const [position, name] of this.names.entries()) {
      this.#slots[position] = plan.keys.slotOf(plan.features, name)
    }
    this.#epoch = plan.keys.epoch
  }
}

function ownValue(features: FeatureEvent['features'], name: string): FeatureValue | undefined {
  return Object.hasOwn(features, name) ? features[name] : undefined
}
