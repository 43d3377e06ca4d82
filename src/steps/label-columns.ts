import type { LabelEvent } from '../events/label-event.ts'
import { MostlyNumbers } from './mostly-numbers.ts'
import { COUNTED } from './prediction-columns.ts'
import { relaid } from './relaid.ts'
import type { IdColumns } from './waiting-ids.ts'

/** Labels that came before their predictions. */
export class LabelColumns implements IdColumns {
  times = new Float64Array(0)
  flags = new Uint8Array(0)
  /** Where they stood in their partition. */
  offsets = new Float64Array(0)
  readonly outcomes = new MostlyNumbers<LabelEvent['label']>()

  put(row: number, at: number, label: LabelEvent['label'], counted: boolean, offset: number): void {
    this.times[row] = at
    this.flags[row] = counted ? COUNTED : 0
    this.offsets[row] = offset
    this.outcomes.put(row, label)
  }

  relay(runs: Int32Array, capacity: number): void {
    this.times = relaid(this.times, runs, new Float64Array(capacity))
    this.flags = relaid(this.flags, runs, new Uint8Array(capacity))
    this.offsets = relaid(this.offsets, runs, new Float64Array(capacity))
    this.outcomes.relay(runs, capacity)
  }
}
