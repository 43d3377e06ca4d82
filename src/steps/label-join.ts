import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { Reference } from '../sketches/types.ts'

/** A prediction that waits for its label, or has had it: what is needed to book the outcome. */
export interface WaitingPrediction {
  readonly version: string
  readonly at: number
  readonly paneStart: number
  readonly prediction: number | string | boolean
  readonly score: FeatureEvent['score']
  /** What it was counted on: its outcome belongs there, too, whatever has taken the reference's place since. */
  readonly reference: Reference | null
  /** Kept until it expires even when joined, so that a repeat of either side is recognised. */
  joined: boolean
  /** Was the prediction counted, or only read again to rebuild this join? */
  readonly counted: boolean
}

interface WaitingLabel {
  readonly at: number
  readonly label: LabelEvent['label']
  readonly counted: boolean
}

export type PredictionResult =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'joined'; readonly label: LabelEvent['label']; readonly counted: boolean }

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

/**
 * Joins predictions and labels of one model by prediction id, whichever comes first.
 *
 * Both sides wait in insertion order, which is nearly event-time order, so expiry looks at the front only.
 * Memory: one entry a prediction younger than the waiting time (a 64th more, and what a flush brings), bounded
 * by `waitingMax`: the oldest go first, predictions before labels.
 */
export class LabelJoin {
  readonly #predictions = new Map<string, WaitingPrediction>()
  readonly #labels = new Map<string, WaitingLabel>()
  readonly #waitingMax: number
  readonly #waitMs: number
  #expiredAt = Number.NEGATIVE_INFINITY

  constructor(waitMs: number, waitingMax: number) {
    this.#waitMs = waitMs
    this.#waitingMax = waitingMax
  }

  get size(): number {
    return this.#predictions.size + this.#labels.size
  }

  /** Is this id taken? */
  has(id: string): boolean {
    return this.#predictions.has(id)
  }

  addPrediction(id: string, prediction: WaitingPrediction): PredictionResult {
    if (this.#predictions.has(id)) return { kind: 'duplicate' }
    this.#predictions.set(id, prediction)
    const early = this.#labels.get(id)
    if (early === undefined) return { kind: 'waiting' }
    this.#labels.delete(id)
    prediction.joined = true
    return { kind: 'joined', label: early.label, counted: early.counted }
  }

  addLabel(id: string, at: number, label: LabelEvent['label'], counted: boolean): LabelResult {
    const prediction = this.#predictions.get(id)
    if (prediction !== undefined) {
      if (prediction.joined) return { kind: 'duplicate' }
      prediction.joined = true
      return { kind: 'joined', prediction }
    }
    if (this.#labels.has(id)) return { kind: 'duplicate' }
    this.#labels.set(id, { at, label, counted })
    return { kind: 'early' }
  }

  /**
   * Drops what has waited `waitMs` at event time `now`; tells what never met. Looks only now and then: a
   * map's front is found past all that was deleted.
   */
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
    for (const [id, prediction] of this.#predictions) {
      if (!isOver(prediction.at)) break
      this.#predictions.delete(id)
      if (!prediction.joined) expired.predictions++
    }
    for (const [id, label] of this.#labels) {
      if (!isOver(label.at)) break
      this.#labels.delete(id)
      expired.orphanLabels++
    }
    return expired
  }
}
