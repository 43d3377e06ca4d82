import type { ByteRange } from '../events/byte-range.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { IdUnits } from './id-units.ts'
import { MostlyNumbers } from './mostly-numbers.ts'
import { COUNTED, JOINED, PredictionColumns, type WaitingPrediction } from './prediction-columns.ts'
import { type IdColumns, NO_ROW, relaid, WaitingIds } from './waiting-ids.ts'

export type PredictionResult =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'joined'
      readonly label: LabelEvent['label']
      /** Event time of the label, epoch ms. */
      readonly at: number
      readonly counted: boolean
      /** What another version said of the same event, where it was there first. */
      readonly other: WaitingPrediction | null
    }

export type LabelResult =
  | { readonly kind: 'early' }
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'joined'
      readonly prediction: WaitingPrediction
      /** What other versions said of the same event. */
      readonly others: readonly WaitingPrediction[]
    }

export interface Expired {
  predictions: number
  orphanLabels: number
}

/** Expiry looks this often in the time a prediction waits, and makes this share of room when it is full. */
const EXPIRY_LOOKS = 64

const WAITING = { kind: 'waiting' } as const
const EARLY = { kind: 'early' } as const
const DUPLICATE = { kind: 'duplicate' } as const

const NO_OTHERS: readonly WaitingPrediction[] = []

/** Versions that answer beside the first of an event; what more there are is taken for repeats. */
const OTHERS_MAX = 3

/**
 * Joins predictions and labels of one model by prediction id, whichever comes first. A prediction is kept
 * until it expires even when joined, so that a repeat of either side is recognised.
 *
 * Both sides wait in insertion runs, which is nearly event-time runs, so expiry looks at the front only.
 * Memory: one entry a prediction younger than the waiting time (a 64th more, and what a flush brings), bounded
 * by `waitingMax`: the oldest go first, predictions before labels. An entry is about 50 bytes and its id.
 *
 * With `inShadow` another version may answer an event a second time: that is no repeat, and the label joins
 * both, whichever of the three comes last. Such an answer is another entry, and every entry keeps its label.
 */
export class LabelJoin {
  readonly #predictions: PredictionColumns
  readonly #predictionIds: WaitingIds
  /** By version: predictions whose ids were taken by another version. */
  readonly #others = new Map<string, Answers>()
  readonly #inShadow: boolean
  readonly #labels = new LabelColumns()
  readonly #labelIds = new WaitingIds(this.#labels)
  readonly #units = new IdUnits()
  readonly #waitingMax: number
  readonly #waitMs: number
  #expiredAt = Number.NEGATIVE_INFINITY
  /** Predictions that have met their label and are kept to recognise repeats. */
  #joined = 0

  constructor(waitMs: number, waitingMax: number, inShadow = false) {
    this.#waitMs = waitMs
    this.#waitingMax = waitingMax
    this.#inShadow = inShadow
    this.#predictions = new PredictionColumns(inShadow)
    this.#predictionIds = new WaitingIds(this.#predictions)
  }

  get size(): number {
    let size = this.#predictionIds.size + this.#labelIds.size
    for (const { ids } of this.#others.values()) size += ids.size
    return size
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
    const taken = this.#predictionIds.find(units)
    if (taken !== NO_ROW) {
      const isAnother = this.#inShadow && this.#predictions.versionAt(taken) !== prediction.version
      return isAnother ? this.#addOther(units, taken, prediction) : DUPLICATE
    }
    const row = this.#predictionIds.add(units)
    const early = this.#labelIds.find(units)
    this.#predictions.put(row, prediction, early !== NO_ROW)
    if (early === NO_ROW) return WAITING
    const { outcomes, flags, times } = this.#labels
    const [label, at, counted] = [outcomes.at(early)!, times[early]!, flags[early] === COUNTED]
    const met = { kind: 'joined', label, at, counted, other: null } as const
    this.#predictions.keepLabel(row, at, label, counted)
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
      this.#predictions.keepLabel(row, at, label, counted)
      const others = this.#others.size === 0 ? NO_OTHERS : this.#joinOthers(units)
      return { kind: 'joined', prediction: this.#predictions.at(row), others }
    }
    if (this.#labelIds.find(units) !== NO_ROW) return DUPLICATE
    this.#labels.put(this.#labelIds.add(units), at, label, counted)
    return EARLY
  }

  /** Another version's answer to an event whose id is taken. */
  #addOther(units: IdUnits, taken: number, prediction: WaitingPrediction): PredictionResult {
    let answers = this.#others.get(prediction.version)
    if (answers === undefined) {
      if (this.#others.size >= OTHERS_MAX) return DUPLICATE
      answers = new Answers()
      this.#others.set(prediction.version, answers)
    }
    if (answers.ids.find(units) !== NO_ROW) return DUPLICATE
    const met = this.#predictions.keptLabel(taken)
    answers.columns.put(answers.ids.add(units), prediction, met !== null)
    if (met === null) return WAITING
    this.#joined++
    return { kind: 'joined', ...met, other: this.#predictions.at(taken) }
  }

  #joinOthers(units: IdUnits): readonly WaitingPrediction[] {
    const joined: WaitingPrediction[] = []
    for (const { ids, columns } of this.#others.values()) {
      const row = ids.find(units)
      if (row === NO_ROW) continue
      columns.flags[row]! |= JOINED
      this.#joined++
      joined.push(columns.at(row))
    }
    return joined
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
    const labels = this.#labelIds
    // Second answers first: without the first one they could meet no label.
    for (const [version, { ids, columns }] of this.#others) {
      expired.predictions += this.#dropAnswers(ids, columns, isOver)
      if (ids.size === 0) this.#others.delete(version)
    }
    expired.predictions += this.#dropAnswers(this.#predictionIds, this.#predictions, isOver)
    while (labels.size > 0 && isOver(this.#labels.times[labels.first]!)) {
      // One that was read again may be alone because its prediction lies before what was read.
      if (this.#labels.flags[labels.first] === COUNTED) expired.orphanLabels++
      labels.delete(labels.first)
    }
    labels.trim()
    return expired
  }

  /** How many of those that were dropped had met no label. */
  #dropAnswers(
    ids: WaitingIds,
    { times, flags }: PredictionColumns,
    isOver: (at: number) => boolean,
  ): number {
    let alone = 0
    while (ids.size > 0 && isOver(times[ids.first]!)) {
      if ((flags[ids.first]! & JOINED) === 0) alone++
      else this.#joined--
      ids.delete(ids.first)
    }
    ids.trim()
    return alone
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

/** One version's answers to events that another had answered first. */
class Answers {
  readonly columns = new PredictionColumns(false)
  readonly ids = new WaitingIds(this.columns)
}
