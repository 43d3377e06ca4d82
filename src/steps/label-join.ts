import type { ByteRange } from '../events/byte-range.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { IdUnits } from './id-units.ts'
import { LabelColumns } from './label-columns.ts'
import { COUNTED, JOINED, PredictionColumns, type WaitingPrediction } from './prediction-columns.ts'
import { RUN_ROWS_MAX, SpilledPredictions } from './spilled-predictions.ts'
import { NO_ROW, WaitingIds } from './waiting-ids.ts'
import type { WaitingStore } from './waiting-store.ts'

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

/** A run that goes to the store is this share of what memory may hold. */
const RUN_SHARE = 16

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
 * Both sides wait in the order they came in, which is nearly event-time order, so expiry looks at the front only.
 * Memory: one entry a prediction younger than the waiting time (a 64th more, and what a flush brings), bounded
 * by `waitingMax`: the oldest go first, predictions before labels. An entry is about 50 bytes and its id.
 *
 * With `inShadow` another version may answer an event a second time: that is no repeat, and the label joins
 * both, whichever of the three comes last. Such an answer is another entry, and every entry keeps its label.
 *
 * With a `store` the oldest predictions give way to it instead of expiring, in runs, and expire when it has no
 * room for them; what the join says is the same. Labels wait in memory alone, and so does everything of a join
 * with `inShadow`.
 */
export class LabelJoin {
  readonly #predictions: PredictionColumns
  readonly #predictionIds: WaitingIds
  /** By version: predictions whose ids were taken by another version. */
  readonly #others = new Map<string, Answers>()
  readonly #inShadow: boolean
  readonly #spilled: SpilledPredictions | null
  readonly #labels = new LabelColumns()
  readonly #labelIds = new WaitingIds(this.#labels)
  readonly #units = new IdUnits()
  readonly #waitingMax: number
  readonly #waitMs: number
  #expiredAt = Number.NEGATIVE_INFINITY
  /** Predictions that have met their label and are kept to recognise repeats. */
  #joined = 0

  constructor(waitMs: number, waitingMax: number, inShadow = false, store: WaitingStore | null = null) {
    this.#waitMs = waitMs
    this.#waitingMax = waitingMax
    this.#inShadow = inShadow
    this.#spilled = store === null || inShadow ? null : new SpilledPredictions(store)
    this.#predictions = new PredictionColumns(inShadow)
    this.#predictionIds = new WaitingIds(this.#predictions)
  }

  /** All that is kept, in memory and in the store. */
  get size(): number {
    return this.inMemory + this.inStore
  }

  get inStore(): number {
    return this.#spilled?.size ?? 0
  }

  get inMemory(): number {
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
    const units = this.#units.take(id)
    return this.#predictionIds.find(units) !== NO_ROW || this.#isSpilled(units)
  }

  /** The id as a text, or as bytes that are its UTF-16 units. */
  addPrediction(id: string | ByteRange, prediction: WaitingPrediction): PredictionResult {
    const units = this.#units.take(id)
    const taken = this.#predictionIds.find(units)
    if (taken !== NO_ROW) {
      const isAnother = this.#inShadow && this.#predictions.versionAt(taken) !== prediction.version
      return isAnother ? this.#addOther(units, taken, prediction) : DUPLICATE
    }
    if (this.#isSpilled(units)) return DUPLICATE
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
    const spilledRow = this.#spilled?.find(units) ?? NO_ROW
    if (spilledRow !== NO_ROW) {
      const prediction = this.#spilled!.join(spilledRow)
      if (prediction === null) return DUPLICATE
      this.#joined++
      return { kind: 'joined', prediction, others: NO_OTHERS }
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
    return this.#dropWhile((at) => at < before, { predictions: 0, orphanLabels: 0 })
  }

  /**
   * Moves the oldest to the store when memory holds more than the bound allows. Where that has no room, or there
   * is none, the oldest are dropped, and some more, so as not to look at every event.
   */
  makeRoom(): Expired {
    const expired: Expired = { predictions: 0, orphanLabels: 0 }
    if (this.inMemory <= this.#waitingMax) return expired
    if (this.#spilled !== null) this.#spill(this.#spilled, expired)
    if (this.inMemory <= this.#waitingMax) return expired
    const room = this.#waitingMax - Math.floor(this.#waitingMax / EXPIRY_LOOKS)
    const isOver = () => this.inMemory > room
    // What lies in the store is older than the predictions in memory, and gives no room here.
    if (this.inStore > 0) this.#dropLabels(isOver, expired)
    else this.#dropWhile(isOver, expired)
    return expired
  }

  /** Not where nearly all of memory is labels: runs of a row or two would be no runs. */
  #spill(spilled: SpilledPredictions, expired: Expired): void {
    const [ids, max] = [this.#predictionIds, this.#waitingMax]
    const runRows = Math.min(RUN_ROWS_MAX, Math.ceil(max / RUN_SHARE))
    while (this.inMemory > max && ids.size * EXPIRY_LOOKS >= max) {
      if (spilled.take(ids, this.#predictions, runRows) > 0) continue
      if (spilled.size === 0) return
      const { alone, joined } = spilled.dropRun()
      expired.predictions += alone
      this.#joined -= joined
    }
  }

  #isSpilled(units: IdUnits): boolean {
    return this.#spilled !== null && this.#spilled.find(units) !== NO_ROW
  }

  #dropWhile(isOver: (at: number) => boolean, expired: Expired): Expired {
    // Second answers first: without the first one they could meet no label.
    for (const [version, { ids, columns }] of this.#others) {
      expired.predictions += this.#dropAnswers(ids, columns, isOver)
      if (ids.size === 0) this.#others.delete(version)
    }
    if (this.#spilled !== null) {
      const { alone, joined } = this.#spilled.dropWhile(isOver)
      expired.predictions += alone
      this.#joined -= joined
    }
    // What is in memory came later, and goes only when nothing older is left.
    if (this.inStore === 0) {
      expired.predictions += this.#dropAnswers(this.#predictionIds, this.#predictions, isOver)
    }
    this.#dropLabels(isOver, expired)
    return expired
  }

  #dropLabels(isOver: (at: number) => boolean, expired: Expired): void {
    const labels = this.#labelIds
    while (labels.size > 0 && isOver(this.#labels.times[labels.first]!)) {
      // One that was read again may be alone because its prediction lies before what was read.
      if (this.#labels.flags[labels.first] === COUNTED) expired.orphanLabels++
      labels.delete(labels.first)
    }
    labels.trim()
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

/** One version's answers to events that another had answered first. */
class Answers {
  readonly columns = new PredictionColumns(false)
  readonly ids = new WaitingIds(this.columns)
}
