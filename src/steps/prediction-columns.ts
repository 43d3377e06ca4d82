import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { Reference } from '../sketches/types.ts'
import { MostlyNumbers } from './mostly-numbers.ts'
import { relaid } from './relaid.ts'
import { VersionColumn } from './version-column.ts'
import type { IdColumns } from './waiting-ids.ts'

/** A prediction that waits for its label: what is needed to book the outcome. */
export interface WaitingPrediction {
  readonly version: string
  /** Event time, epoch ms. */
  readonly at: number
  readonly prediction: FeatureEvent['prediction']
  readonly score: FeatureEvent['score']
  /** What it was counted on: its outcome belongs there, too, whatever has taken the reference's place since. */
  readonly reference: Reference | null
  /** Was the prediction counted, or only read again to rebuild the join? */
  readonly counted: boolean
}

/** A label that a prediction has met: its event time, epoch ms, whether it was counted, and where it stood. */
export interface KeptLabel {
  readonly label: LabelEvent['label']
  readonly at: number
  readonly counted: boolean
  readonly offset: number
}

/** Bits of `flags`: whether the prediction was counted, and whether it has met its label. */
export const COUNTED = 1
export const JOINED = 2
const LABEL_COUNTED = 4

/** What is kept of predictions beside their ids. */
export class PredictionColumns implements IdColumns {
  times = new Float64Array(0)
  flags = new Uint8Array(0)
  readonly #predictions = new MostlyNumbers<FeatureEvent['prediction']>()
  readonly #scores = new MostlyNumbers<FeatureEvent['score']>()
  readonly #versions = new VersionColumn()
  /** Of those that have met theirs; null where nobody will ask. */
  readonly #labels: {
    times: Float64Array
    offsets: Float64Array
    readonly outcomes: MostlyNumbers<LabelEvent['label']>
  } | null

  constructor(keepsLabels: boolean) {
    const none = new Float64Array(0)
    this.#labels = keepsLabels ? { times: none, offsets: none, outcomes: new MostlyNumbers() } : null
  }

  /** One that has met no label. */
  put(row: number, waiting: WaitingPrediction): void {
    const { version, at, prediction, score, reference, counted } = waiting
    this.times[row] = at
    this.flags[row] = counted ? COUNTED : 0
    this.#versions.put(row, version, reference)
    this.#predictions.put(row, prediction)
    this.#scores.put(row, score)
  }

  at(row: number): WaitingPrediction {
    const { version, reference } = this.#versions.at(row)
    return {
      version,
      at: this.times[row]!,
      prediction: this.#predictions.at(row)!,
      score: this.#scores.at(row),
      reference,
      counted: (this.flags[row]! & COUNTED) !== 0,
    }
  }

  versionAt(row: number): string {
    return this.#versions.at(row).version
  }

  keepLabel(row: number, at: number, label: LabelEvent['label'], counted: boolean, offset: number): void {
    if (this.#labels === null) return
    this.#labels.times[row] = at
    this.#labels.offsets[row] = offset
    this.#labels.outcomes.put(row, label)
    if (counted) this.flags[row]! |= LABEL_COUNTED
  }

  /** Null before there is one, and where none are kept. */
  keptLabel(row: number): KeptLabel | null {
    const flags = this.flags[row]!
    if (this.#labels === null || (flags & JOINED) === 0) return null
    const label = this.#labels.outcomes.at(row)!
    const [at, offset] = [this.#labels.times[row]!, this.#labels.offsets[row]!]
    return { label, at, counted: (flags & LABEL_COUNTED) !== 0, offset }
  }

  relay(runs: Int32Array, capacity: number): void {
    this.times = relaid(this.times, runs, new Float64Array(capacity))
    this.flags = relaid(this.flags, runs, new Uint8Array(capacity))
    this.#versions.relay(runs, capacity)
    this.#predictions.relay(runs, capacity)
    this.#scores.relay(runs, capacity)
    if (this.#labels === null) return
    this.#labels.times = relaid(this.#labels.times, runs, new Float64Array(capacity))
    this.#labels.offsets = relaid(this.#labels.offsets, runs, new Float64Array(capacity))
    this.#labels.outcomes.relay(runs, capacity)
  }
}
