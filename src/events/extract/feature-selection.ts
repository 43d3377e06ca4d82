import type { FeatureValue } from '../feature-event.ts'
import type { FeatureValues } from '../feature-event-view.ts'
import { KIND, MARK } from './cells.ts'
import type { EventPlan } from './event-plan.ts'
import type { EventReader } from './event-reader.ts'

const { NOTHING, NUMBER, TRUE, FALSE, NULL } = KIND
const { KIND: KIND_BITS } = MARK

/**
 * Some features by name, and by position what the event that was read last has for them.
 *
 * There are two arrays for the values, because an engine stores numbers unboxed as long as nothing else ever
 * stood in an array: boxing each costs a fifth of reading the event.
 */
export class FeatureSelection implements FeatureValues {
  values: readonly (FeatureValue | undefined)[]
  others = 0
  readonly #names: readonly string[]
  readonly #plan: EventPlan
  readonly #reader: EventReader
  readonly #numbers: number[]
  readonly #mixed: (FeatureValue | undefined)[]
  /** The slot of each name, as of an epoch of the plan's keys. */
  readonly #slots: Int32Array
  #epoch = -1

  constructor(names: readonly string[], plan: EventPlan, reader: EventReader) {
    this.#names = names
    this.#plan = plan
    this.#reader = reader
    this.#numbers = names.map(() => Number.NaN)
    this.#mixed = names.map(() => undefined)
    this.values = this.#numbers
    this.#slots = new Int32Array(names.length)
  }

  /** Looks at the event that was read last. What it tells holds until the next is read. */
  look(): FeatureValues {
    if (this.#epoch !== this.#plan.keys.epoch) this.#findSlots()
    const { marks, base, numbers } = this.#reader.cells
    const values = this.#numbers
    const slots = this.#slots
    let odd = 0
    for (let position = 0; position < slots.length; position++) {
      const slot = slots[position]!
      const mark = marks[slot]!
      values[position] = numbers[slot]!
      // Missing, or no number. Without a branch: most events have only numbers, or always something else.
      odd |= ((mark - base) >>> 31) | ((mark & KIND_BITS) ^ NUMBER)
    }
    if (odd === 0) {
      this.values = values
      this.others = this.#reader.featureCount - slots.length
    } else this.#lookAtMixed()
    return this
  }

  /** As `EventFeatures.numbersInto` of the event that was read last. */
  numbersInto(into: Float64Array, at: number): number {
    if (this.#epoch !== this.#plan.keys.epoch) this.#findSlots()
    const { marks, base, numbers } = this.#reader.cells
    const slots = this.#slots
    let odd = 0
    for (let position = 0; position < slots.length; position++) {
      const slot = slots[position]!
      const mark = marks[slot]!
      into[at + position] = numbers[slot]!
      odd |= ((mark - base) >>> 31) | ((mark & KIND_BITS) ^ NUMBER)
    }
    return odd === 0 ? this.#reader.featureCount - slots.length : -1
  }

  #lookAtMixed(): void {
    const { cells, scalars, featureCount } = this.#reader
    const values = this.#mixed
    const slots = this.#slots
    let found = 0
    for (let position = 0; position < slots.length; position++) {
      const slot = slots[position]!
      const kind = cells.kind(slot)
      if (kind !== NOTHING) found++
      if (kind === NUMBER) values[position] = cells.numbers[slot]!
      else if (kind === NULL) values[position] = null
      else if (kind === TRUE || kind === FALSE) values[position] = kind === TRUE
      else values[position] = scalars.text(slot) ?? undefined
    }
    this.values = values
    this.others = featureCount - found
  }

  #findSlots(): void {
    const { keys, features } = this.#plan
    for (const [position, name] of this.#names.entries()) this.#slots[position] = keys.slotOf(features, name)
    this.#epoch = keys.epoch
  }
}
