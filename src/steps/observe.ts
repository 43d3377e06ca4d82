import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { layoutOf } from '../sketches/block-layout.ts'
import type { DeltaEntry, StreamCounts } from '../sketches/delta.ts'
import { addDelay } from '../sketches/label-delays.ts'
import { addPair, type PairEntry } from '../sketches/paired-losses.ts'
import { addOutcome, addScore } from '../sketches/performance-counts.ts'
import type { Reference } from '../sketches/types.ts'
import { paneStart } from '../windows/pane.ts'
import { EventSampler } from './event-sampler.ts'
import { type Expired, LabelJoin } from './label-join.ts'
import type { ModelOptions, StreamOptions } from './options.ts'
import { pairLoss } from './pair-loss.ts'
import { Pairs } from './pairs.ts'
import { PaneEntries } from './pane-entries.ts'
import type { WaitingPrediction } from './prediction-columns.ts'
import { misplacedTime, type Rejection, unknownModel, wrongOutcome } from './refused-events.ts'
import type { WaitingStore } from './waiting-store.ts'

/** What the observer must know to count: configuration, and the reference of each model version. */
export interface ObserveContext {
  readonly stream: StreamOptions
  readonly models: ReadonlyMap<string, ModelOptions>
  /** Null while the version has no reference: then its events and outcomes are counted, its features not. */
  referenceOf(model: string, version: string): Reference | null
}

/** Where a record stood, and whether it is counted or only read again to rebuild the join. */
export interface Arrival {
  /** In its partition. */
  readonly offset: number
  /** The record's own timestamp, epoch ms. */
  readonly timestamp: number
  readonly counted: boolean
  /** Of a label that is read again: it waited for no prediction, so where there is none it has met it before. */
  readonly hasMet?: boolean
}

/** All that one observer task keeps. Everything but the join is gone at the next flush. */
export interface ObserveState {
  readonly task: number
  readonly joins: Map<string, LabelJoin>
  /** For what the joins have no room for in memory; null where it expires early. */
  readonly store: WaitingStore | null
  readonly entries: PaneEntries
  readonly pairs: Pairs
  /** Of versions without a reference; taken by the edge at each flush. */
  readonly sampler: EventSampler
  stream: StreamCounts
  /** Largest event time of a feature event so far, and of a label event. */
  watermark: number
  labelWatermark: number
  /** Labels lie unread in the log; told by the edge before each flush. */
  labelsBehind: boolean
  flush: number
}

export function createObserveState(task: number, store: WaitingStore | null = null): ObserveState {
  return {
    task,
    joins: new Map(),
    store,
    entries: new PaneEntries(),
    pairs: new Pairs(),
    sampler: new EventSampler(),
    stream: emptyStreamCounts(),
    watermark: Number.NEGATIVE_INFINITY,
    labelWatermark: Number.NEGATIVE_INFINITY,
    labelsBehind: false,
    flush: 0,
  }
}

export function emptyStreamCounts(): StreamCounts {
  return {
    late: 0,
    duplicatePredictions: 0,
    duplicateLabels: 0,
    orphanLabels: 0,
    expiredPredictions: 0,
    deadLetters: 0,
    unreferenced: 0,
    waiting: 0,
  }
}

/**
 * Counts one feature event into `state`, or says why not. Deterministic: same events, same state. The event
 * may be overwritten after; nothing of it is kept but texts and a score by class.
 */
export function observeFeature(
  state: ObserveState,
  event: FeatureEventView,
  arrival: Arrival,
  context: ObserveContext,
): Rejection | null {
  const model = context.models.get(event.model)
  if (model === undefined) return unknownModel(event.model, context.models)
  const refused =
    misplacedTime(event.at, arrival.timestamp, context.stream) ??
    wrongOutcome('prediction', event.prediction, model)
  if (refused !== null) return refused

  const start = paneStart(event.at, context.stream.paneMs)
  const reference = context.referenceOf(event.model, event.version)
  const prediction = {
    version: event.version,
    at: event.at,
    prediction: event.prediction,
    score: event.score,
    reference,
    counted: arrival.counted,
  }
  const join = joinOf(state, event.model, context)
  const met = join.addPrediction(event.idBytes ?? event.id, prediction, arrival.offset)
  // Before anything is counted, so that a repeat counts nowhere.
  if (met.kind === 'duplicate') {
    if (arrival.counted) state.stream.duplicatePredictions++
    return null
  }
  if (arrival.counted) {
    if (reference === null) {
      state.stream.unreferenced++
      state.sampler.add(model, event, start, context.stream.paneMs)
    }
    const entry = state.entries.of(model, event.version, start, reference)
    if (reference === null) entry.sketch.events++
    else {
      state.entries.addFeatures(entry, layoutOf(reference), event)
    }
    addScore(entry.sketch.performance, {
      prediction: event.prediction,
      score: event.score,
      positiveLabel: model.positiveLabel,
      classes: reference?.classes ?? null,
    })
    if (start + context.stream.paneMs + context.stream.graceMs <= state.watermark) state.stream.late++
  }
  state.watermark = Math.max(state.watermark, event.at)
  if (met.kind === 'joined' && (met.counted || arrival.counted)) {
    bookOutcome(state, model, prediction, met, context)
  }
  if (met.kind === 'joined' && met.other !== null && (met.counted || met.other.counted || arrival.counted)) {
    bookPair(state, model, met.other, prediction, met.label, context)
  }
  if (join.inMemory > context.stream.waitingMax) countExpired(state, join.makeRoom())
  return null
}

/** Counts one label event into the pane of its prediction, keeps it waiting, or says why not. */
export function observeLabel(
  state: ObserveState,
  event: Readonly<LabelEvent>,
  arrival: Arrival,
  context: ObserveContext,
): Rejection | null {
  const model = context.models.get(event.model)
  if (model === undefined) return unknownModel(event.model, context.models)
  const refused =
    misplacedTime(event.at, arrival.timestamp, context.stream) ?? wrongOutcome('label', event.label, model)
  if (refused !== null) return refused

  state.labelWatermark = Math.max(state.labelWatermark, event.at)
  const join = joinOf(state, event.model, context)
  if (arrival.hasMet && !join.has(event.id)) return null
  const met = join.addLabel(event.id, event.at, event.label, arrival.counted, arrival.offset)
  if (met.kind === 'duplicate' && arrival.counted) state.stream.duplicateLabels++
  if (met.kind === 'early' && join.inMemory > context.stream.waitingMax) countExpired(state, join.makeRoom())
  if (met.kind !== 'joined') return null
  if (met.prediction.counted || arrival.counted) bookOutcome(state, model, met.prediction, event, context)
  for (const other of met.others) {
    if (other.counted || arrival.counted) bookOutcome(state, model, other, event, context)
    if (!met.prediction.counted && !other.counted && !arrival.counted) continue
    bookPair(state, model, met.prediction, other, event.label, context)
  }
  return null
}

/**
 * Event time up to which the task is complete on both sides. After a backlog the features may be read long
 * before their labels: a pane that closed then would be judged without its outcomes, and never again, and
 * predictions would expire whose labels are there. So while labels lie unread, time goes no further than
 * they do. Labels that come late by themselves are what `labelDelay` is for.
 */
export function completeUntil({ watermark, labelWatermark, labelsBehind }: ObserveState): number {
  return labelsBehind ? Math.min(watermark, labelWatermark) : watermark
}

/** What has been counted since the last call; the state starts anew, the join keeps what may still meet. */
export function takeEntries(state: ObserveState): {
  entries: DeltaEntry[]
  pairs: PairEntry[]
  stream: StreamCounts
  flush: number
} {
  for (const join of state.joins.values()) {
    countExpired(state, join.expire(completeUntil(state)))
    state.stream.waiting += join.waiting
  }
  const { stream, flush } = state
  const taken = { entries: state.entries.take(), pairs: state.pairs.take(), stream, flush }
  state.stream = emptyStreamCounts()
  state.flush++
  return taken
}

/** Drops, while the joins are built again, what had been dropped and counted at this time. */
export function expireAgain({ joins }: ObserveState, until: number): void {
  for (const join of joins.values()) join.expire(until)
}

/** Predictions that all joins keep outside memory. */
export function countInStore({ joins }: ObserveState): number {
  let count = 0
  for (const { inStore } of joins.values()) count += inStore
  return count
}

function joinOf(state: ObserveState, model: string, context: ObserveContext): LabelJoin {
  let join = state.joins.get(model)
  if (join === undefined) {
    const { labelWaitMs, waitingMax } = context.stream
    join = new LabelJoin(labelWaitMs, waitingMax, answersTwice(context.models.get(model)), state.store)
    state.joins.set(model, join)
  }
  return join
}

/** Whether a candidate may answer events beside the champion. */
function answersTwice(model: ModelOptions | undefined): boolean {
  return (model?.rollout?.shadow ?? null) !== null
}

/** What two versions lost on one event belongs to its pane. */
function bookPair(
  state: ObserveState,
  model: ModelOptions,
  one: WaitingPrediction,
  other: WaitingPrediction,
  label: LabelEvent['label'],
  { stream }: ObserveContext,
): void {
  const [first, second] = one.version < other.version ? [one, other] : [other, one]
  const losses = state.pairs.of(model.name, first.version, second.version, paneStart(first.at, stream.paneMs))
  addPair(losses, ...pairLoss(model, first, second, label))
}

/** An outcome belongs to its prediction's pane, so that a late label corrects the past. So does its delay. */
function bookOutcome(
  state: ObserveState,
  model: ModelOptions,
  prediction: WaitingPrediction,
  { label, at: labelledAt }: Pick<LabelEvent, 'label' | 'at'>,
  { stream }: ObserveContext,
): void {
  const { version, at, reference } = prediction
  const { sketch } = state.entries.of(model, version, paneStart(at, stream.paneMs), reference)
  const isCounted = addOutcome(sketch.performance, {
    prediction: prediction.prediction,
    score: prediction.score,
    label,
    positiveLabel: model.positiveLabel,
    classes: reference?.classes ?? null,
  })
  if (isCounted) addDelay(sketch.performance, labelledAt - at)
}

function countExpired(state: ObserveState, expired: Expired): void {
  state.stream.expiredPredictions += expired.predictions
  state.stream.orphanLabels += expired.orphanLabels
}
