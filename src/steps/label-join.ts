import type { ByteRange } from '../events/byte-range.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { Reference } from '../sketches/types.ts'
import { IdUnits } from './id-units.ts'
import { MostlyNumbers } from './mostly-numbers.ts'
import { VersionColumn } from './version-column.ts'
import { type IdColumns, NO_ROW, relaid, WaitingIds } from './waiting-ids.ts'

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

export type PredictionResult =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'joined'
      readonly label: LabelEvent['label']
      /** Event time of the label, epoch ms. */
      readonly at: number
      readonly counted: boolean
    }

export type LabelResult =
  | { readonly kind: 'early' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'joined'; readonly prediction: WaitingPrediction }

export interface Expired {
  predictions: number
  orphanLabels: number
}

/** Expiry looks this often in the time a prediction waits, and makes this share of room when it is full. */
const EXPIRY_LOOKS = 64

const WAITING = { kind: 'waiting' } as const
const EARLY = { kind: 'early' } as const
const DUPLICATE = { kind: 'duplicate' } as const

const COUNTED = 1
const JOINED = 2

/**
 * Joins predictions and labels of one model by prediction id, whichever comes first. A prediction is kept
 * until it expires even when joined, so that a repeat of either side is recognised.
 *
 * Both sides wait in insertion runs, which is nearly event-time runs, so expiry looks at the front only.
 * Memory: one entry a prediction younger than the waiting time (a 64th more, and what a flush brings), bounded
 * by `waitingMax`: the oldest go first, predictions before labels. An entry is about 50 bytes and its id.
 */
export class LabelJoin {
  readonly #predictions = new PredictionColumns()
  readonly #predictionIds = new WaitingIds(this.#predictions)
  readonly #labels = new LabelColumns()
  readonly #labelIds = new WaitingIds(this.#labels)
  readonly #units = new IdUnits()
  readonly #waitingMax: number
  readonly #waitMs: number
  #expiredAt = Number.NEGATIVE_INFINITY
  /** Predictions that have met their label and are kept to recognise repeats. */
  #joined = 0

  constructor(waitMs: number, waitingMax: number) {
    this.#waitMs = waitMs
    this.#waitingMax = waitingMax
  }

  get size(): number {
    return this.#predictionIds.size + this.#labelIds.size
  }

  /** Predictions without a label, and labels without a prediction. */
  get waiting(): number {
    return this.size - this.#joined
  }

  /** Is this id taken? */
  has(id: string): boolean {
    return this.#predictionIds.find(this.#units.take(id)) !== NO_ROW
  }

  /** The id as a text, or as bytes that are its UTF-16 units. */
  addPrediction(id: string | ByteRange, prediction: WaitingPrediction): PredictionResult {
    const units = this.#units.take(id)
    if (this.#predictionIds.find(units) !== NO_ROW) return DUPLICATE
    const row = this.#predictionIds.add(units)
    const early = this.#labelIds.find(units)
    this.#predictions.put(row, prediction, early !== NO_ROW)
    if (early === NO_ROW) return WAITING
    const { outcomes, flags, times } = this.#labels
    const met = {
      kind: 'joined',
      label: outcomes.at(early)!,
      at: times[early]!,
      counted: flags[early] === COUNTED,
    } as const
    this.#labelIds.delete(early)
    this.#joined++
    return met
  }

  addLabel(id: string, at: number, label: LabelEvent['label'], counted: boolean): LabelResult {
    const units = this.#units.take(id)
    const row = this.#predictionIds.find(units)
    if (row !== NO_ROW) {
      const { flags } = this.#predictions
      if ((flags[row]! & JOINED) !== 0) return DUPLICATE
      flags[row]! |= JOINED
      this.#joined++
      return { kind: 'joined', prediction: this.#predictions.at(row) }
    }
    if (this.#labelIds.find(units) !== NO_ROW) return DUPLICATE
    this.#labels.put(this.#labelIds.add(units), at, label, counted)
    return EARLY
  }

  /** Drops what has waited `waitMs` at event time `now`; tells what never met. Looks only now and then. */
  expire(now: number): Expired {
    if (now - this.#expiredAt < this.#waitMs / EXPIRY_LOOKS) return { predictions: 0, orphanLabels: 0 }
    this.#expiredAt = now
    const before = now - this.#waitMs
    return this.#dropWhile((at) => at < before)
  }

  /** Drops the oldest when more wait than the bound allows, and some more, so as not to look at every event. */
  makeRoom(): Expired {
    if (this.size <= this.#waitingMax) return { predictions: 0, orphanLabels: 0 }
    const room = this.#waitingMax - Math.floor(this.#waitingMax / EXPIRY_LOOKS)
    return this.#dropWhile(() => this.size > room)
  }

  #dropWhile(isOver: (at: number) => boolean): Expired {
    const expired: Expired = { predictions: 0, orphanLabels: 0 }
    const [predictions, labels] = [this.#predictionIds, this.#labelIds]
    while (predictions.size > 0 && isOver(this.#predictions.times[predictions.first]!)) {
      if ((this.#predictions.flags[predictions.first]! & JOINED) === 0) expired.predictions++
      else this.#joined--
      predictions.delete(predictions.first)
    }
    while (labels.size > 0 && isOver(this.#labels.times[labels.first]!)) {
      // One that was read again may be alone because its prediction lies before what was read.
      if (this.#labels.flags[labels.first] === COUNTED) expired.orphanLabels++
      labels.delete(labels.first)
    }
    predictions.trim()
    labels.trim()
    return expired
  }
}

/** Labels that came before their predictions. */
class LabelColumns implements IdColumns {
  times = new Float64Array(0)
  flags = new Uint8Array(0)
  readonly outcomes = new MostlyNumbers<LabelEvent['label']>()

  put(row: number, at: number, label: LabelEvent['label'], counted: boolean): void {
    this.times[row] = at
    this.flags[row] = counted ? COUNTED : 0
    this.outcomes.put(row, label)
  }

  relay(runs: Int32Array, capacity: number): void {
    this.times = relaid(this.times, runs, new Float64Array(capacity))
    this.flags = relaid(this.flags, runs, new Uint8Array(capacity))
    this.outcomes.relay(runs, capacity)
  }
}

class PredictionColumns implements IdColumns {
  times = new Float64Array(0)
  flags = new Uint8Array(0)
  readonly #predictions = new MostlyNumbers<FeatureEvent['prediction']>()
  readonly #scores = new MostlyNumbers<FeatureEvent['score']>()
  readonly #versions = new VersionColumn()

  put(row: number, waiting: WaitingPrediction, joined: boolean): void {
    const { version, at, prediction, score, reference, counted } = waiting
    this.times[row] = at
    this.flags[row] = (counted ? COUNTED : 0) | (joined ? JOINED : 0)
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

  relay(runs: Int32Array, capacity: number): void {
    this.times = relaid(this.times, runs, new Float64Array(capacity))
    this.flags = relaid(this.flags, runs, new Uint8Array(capacity))
    this.#versions.relay(runs, capacity)
    this.#predictions.relay(runs, capacity)
    this.#scores.relay(runs, capacity)
  }
}
