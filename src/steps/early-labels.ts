import type { LabelEvent } from '../events/label-event.ts'
import type { IdUnits } from './id-units.ts'
import { LabelColumns } from './label-columns.ts'
import { COUNTED, type KeptLabel } from './prediction-columns.ts'
import { NO_ROW, WaitingIds } from './waiting-ids.ts'

/** Labels that came before their predictions, in memory, in the order in which they came. */
export class EarlyLabels {
  readonly #columns = new LabelColumns()
  readonly #ids = new WaitingIds(this.#columns)

  get size(): number {
    return this.#ids.size
  }

  has(units: IdUnits): boolean {
    return this.#ids.find(units) !== NO_ROW
  }

  /** A label whose id is not there. */
  add(units: IdUnits, at: number, label: LabelEvent['label'], counted: boolean, offset: number): void {
    this.#columns.put(this.#ids.add(units), at, label, counted, offset)
  }

  /** Takes out the label of an id; null where there is none. */
  take(units: IdUnits): KeptLabel | null {
    const row = this.#ids.find(units)
    if (row === NO_ROW) return null
    const { outcomes, flags, times, offsets } = this.#columns
    const [at, offset] = [times[row]!, offsets[row]!]
    const kept = { label: outcomes.at(row)!, at, counted: flags[row] === COUNTED, offset }
    this.#ids.delete(row)
    return kept
  }

  /** Where the oldest stood, at most so many of them. */
  offsets(most: number): number[] {
    return this.#ids.oldest(most).map((row) => this.#columns.offsets[row]!)
  }

  /** Drops from the front while it is over; how many of them had been counted. */
  dropWhile(isOver: (at: number) => boolean): number {
    const ids = this.#ids
    let orphans = 0
    while (ids.size > 0 && isOver(this.#columns.times[ids.first]!)) {
      // One that was read again may be alone because its prediction lies before what was read.
      if (this.#columns.flags[ids.first] === COUNTED) orphans++
      ids.delete(ids.first)
    }
    ids.trim()
    return orphans
  }
}
