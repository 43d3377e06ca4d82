import type { IdUnits } from './id-units.ts'
import { JOINED, PredictionColumns, type WaitingPrediction } from './prediction-columns.ts'
import { PredictionSpans } from './prediction-spans.ts'
import { WaitingIds } from './waiting-ids.ts'

/** How many were dropped that had met no label, and how many that had. */
export interface Dropped {
  alone: number
  joined: number
}

/** Predictions in memory, in the order in which they came, and where they and those before them stood. */
export class WaitingPredictions {
  readonly columns: PredictionColumns
  readonly ids: WaitingIds
  /** Of these, and of what went from here to a store. */
  readonly spans = new PredictionSpans()

  constructor(keepsLabels: boolean) {
    this.columns = new PredictionColumns(keepsLabels)
    this.ids = new WaitingIds(this.columns)
  }

  /** A prediction whose id is not there; its row. */
  add(units: IdUnits, prediction: WaitingPrediction, offset: number): number {
    const row = this.ids.add(units)
    this.columns.put(row, prediction)
    this.spans.add(offset, prediction.at)
    return row
  }

  /** The prediction of a row has met the label that stood at an offset. */
  join(row: number, labelOffset: number): void {
    this.columns.flags[row]! |= JOINED
    this.spans.join(this.#numberOf(row), labelOffset)
  }

  /** The offset from which one reads again to come by a row; a little before its own it may be. */
  fromOf(row: number): number {
    return this.spans.fromOf(this.#numberOf(row))
  }

  /** Drops from the front while it is over. */
  dropWhile(isOver: (at: number) => boolean): Dropped {
    const { ids } = this
    const { times, flags } = this.columns
    const dropped = { alone: 0, joined: 0 }
    while (ids.size > 0 && isOver(times[ids.first]!)) {
      if ((flags[ids.first]! & JOINED) === 0) dropped.alone++
      else dropped.joined++
      ids.delete(ids.first)
    }
    ids.trim()
    this.spans.drop(dropped.alone + dropped.joined, dropped.alone)
    return dropped
  }

  #numberOf(row: number): number {
    return this.spans.next - this.ids.size + this.ids.behind(row)
  }
}
