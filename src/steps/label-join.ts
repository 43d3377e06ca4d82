import type { ByteRange } from '../events/byte-range.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { EarlyLabels } from './early-labels.ts'
import { IdUnits } from './id-units.ts'
import { JOINED, type WaitingPrediction } from './prediction-columns.ts'
import type { PredictionSpans } from './prediction-spans.ts'
import { RUN_ROWS_MAX, SpilledPredictions } from './spilled-predictions.ts'
import { NO_ROW } from './waiting-ids.ts'
import { type Dropped, WaitingPredictions } from './waiting-predictions.ts'
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
  readonly #predictions: WaitingPredictions
  /** By version: predictions whose ids were taken by another version. */
  readonly #others = new Map<string, WaitingPredictions>()
  readonly #inShadow: boolean
  readonly #spilled: SpilledPredictions | null
  readonly #labels = new EarlyLabels()
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
    this.#predictions = new WaitingPredictions(inShadow)
  }

  /** All that is kept, in memory and in the store. */
  get size(): number {
    return this.inMemory + this.inStore
  }

  get inStore(): number {
    return this.#spilled?.size ?? 0
  }

  get inMemory(): number {
    let size = this.#predictions.ids.size + this.#labels.size
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
    return this.#predictions.ids.find(units) !== NO_ROW || this.#isSpilled(units)
  }

  /** The id as a text, or as bytes that are its UTF-16 units; `offset` is where the prediction stood. */
  addPrediction(id: string | ByteRange, prediction: WaitingPrediction, offset: number): PredictionResult {
    const units = this.#units.take(id)
    const { ids, columns } = this.#predictions
    const taken = ids.find(units)
    if (taken !== NO_ROW) {
      const isAnother = this.#inShadow && columns.versionAt(taken) !== prediction.version
      return isAnother ? this.#addOther(units, taken, prediction, offset) : DUPLICATE
    }
    if (this.#isSpilled(units)) return DUPLICATE
    const row = this.#predictions.add(units, prediction, offset)
    const early = this.#labels.take(units)
    if (early === null) return WAITING
    const { label, at, counted } = early
    this.#predictions.join(row, early.offset)
    columns.keepLabel(row, at, label, counted, early.offset)
    this.#joined++
    return { kind: 'joined', label, at, counted, other: null }
  }

  addLabel(
    id: string,
    at: number,
    label: LabelEvent['label'],
    counted: boolean,
    offset: number,
  ): LabelResult {
    const units = this.#units.take(id)
    const { ids, columns, spans } = this.#predictions
    const row = ids.find(units)
    if (row !== NO_ROW) {
      if ((columns.flags[row]! & JOINED) !== 0) return DUPLICATE
      this.#predictions.join(row, offset)
      this.#joined++
      columns.keepLabel(row, at, label, counted, offset)
      const others = this.#others.size === 0 ? NO_OTHERS : this.#joinOthers(units, offset)
      return { kind: 'joined', prediction: columns.at(row), others }
    }
    const spilledRow = this.#spilled?.find(units) ?? NO_ROW
    if (spilledRow !== NO_ROW) {
      const prediction = this.#spilled!.join(spilledRow)
      if (prediction === null) return DUPLICATE
      spans.join(spans.next - ids.size - this.#spilled!.ahead(spilledRow), offset)
      this.#joined++
      return { kind: 'joined', prediction, others: NO_OTHERS }
    }
    if (this.#labels.has(units)) return DUPLICATE
    this.#labels.add(units, at, label, counted, offset)
    return EARLY
  }

  /**
   * The offset from which features are read to build this join again: of the oldest that waits, and of what is
   * as young as `since` in event time, so that its repeats are known. Infinity where there is nothing.
   */
  oldest(since: number): number {
    return Math.min(...this.#spans().map((spans) => spans.oldest(since)))
  }

  /** The offset from which labels are read when features are from `from` on. */
  labelsOf(from: number): number {
    const early = this.earlyLabels(1)[0] ?? Number.POSITIVE_INFINITY
    return Math.min(early, ...this.#spans().map((spans) => spans.labelsOf(from)))
  }

  /** Where the oldest labels stood that wait for their predictions, at most so many of them. */
  earlyLabels(most: number): number[] {
    return this.#labels.offsets(most)
  }

  /** Another version's answer to an event whose id is taken. */
  #addOther(units: IdUnits, taken: number, prediction: WaitingPrediction, offset: number): PredictionResult {
    let answers = this.#others.get(prediction.version)
    if (answers === undefined) {
      if (this.#others.size >= OTHERS_MAX) return DUPLICATE
      answers = new WaitingPredictions(false)
      this.#others.set(prediction.version, answers)
    }
    if (answers.ids.find(units) !== NO_ROW) return DUPLICATE
    const { columns } = this.#predictions
    const met = columns.keptLabel(taken)
    // Read again without the one before it, it would be taken for the first.
    const row = answers.add(units, prediction, Math.min(offset, this.#predictions.fromOf(taken)))
    if (met === null) return WAITING
    answers.join(row, met.offset)
    this.#joined++
    const { label, at, counted } = met
    return { kind: 'joined', label, at, counted, other: columns.at(taken) }
  }

  #joinOthers(units: IdUnits, labelOffset: number): readonly WaitingPrediction[] {
    const joined: WaitingPrediction[] = []
    for (const answers of this.#others.values()) {
      const row = answers.ids.find(units)
      if (row === NO_ROW) continue
      answers.join(row, labelOffset)
      this.#joined++
      joined.push(answers.columns.at(row))
    }
    return joined
  }

  /**
   * Drops what has waited `waitMs` at event time `now`; tells what never met. Looks only now and then, at times
   * that are the same for every join, whenever it began: one that was built again drops what the other does.
   */
  expire(now: number): Expired {
    const looksMs = this.#waitMs / EXPIRY_LOOKS
    const looked = Math.floor(now / looksMs) * looksMs
    if (looked <= this.#expiredAt) return { predictions: 0, orphanLabels: 0 }
    this.#expiredAt = looked
    const before = looked - this.#waitMs
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
    if (this.inStore > 0) expired.orphanLabels += this.#labels.dropWhile(isOver)
    else this.#dropWhile(isOver, expired)
    return expired
  }

  /** Not where nearly all of memory is labels: runs of a row or two would be no runs. */
  #spill(spilled: SpilledPredictions, expired: Expired): void {
    const max = this.#waitingMax
    const { ids, columns } = this.#predictions
    const runRows = Math.min(RUN_ROWS_MAX, Math.ceil(max / RUN_SHARE))
    while (this.inMemory > max && ids.size * EXPIRY_LOOKS >= max) {
      if (spilled.take(ids, columns, runRows) > 0) continue
      if (spilled.size === 0) return
      this.#droppedFromStore(spilled.dropRun(), expired)
    }
  }

  #droppedFromStore(dropped: Dropped, expired: Expired): void {
    this.#predictions.spans.drop(dropped.alone + dropped.joined, dropped.alone)
    this.#dropped(dropped, expired)
  }

  #dropped({ alone, joined }: Dropped, expired: Expired): void {
    expired.predictions += alone
    this.#joined -= joined
  }

  #spans(): PredictionSpans[] {
    return [this.#predictions, ...this.#others.values()].map(({ spans }) => spans)
  }

  #isSpilled(units: IdUnits): boolean {
    return this.#spilled !== null && this.#spilled.find(units) !== NO_ROW
  }

  #dropWhile(isOver: (at: number) => boolean, expired: Expired): Expired {
    // Second answers first: without the first one they could meet no label.
    for (const [version, answers] of this.#others) {
      this.#dropped(answers.dropWhile(isOver), expired)
      if (answers.ids.size === 0) this.#others.delete(version)
    }
    if (this.#spilled !== null) this.#droppedFromStore(this.#spilled.dropWhile(isOver), expired)
    // What is in memory came later, and goes only when nothing older is left.
    if (this.inStore === 0) this.#dropped(this.#predictions.dropWhile(isOver), expired)
    expired.orphanLabels += this.#labels.dropWhile(isOver)
    return expired
  }
}
