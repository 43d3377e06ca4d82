import { championAfter, type DeploymentEvent } from '../events/deployment-event.ts'
import type { StreamHealthEvent } from '../events/stream-health-event.ts'
import type { SketchDelta } from '../sketches/delta.ts'
import { atOnce, type Interruptible } from '../sketches/interruptible.ts'
import type { ReferenceSample } from '../sketches/reference-sample.ts'
import type { Reference } from '../sketches/types.ts'
import { addWish, type Wish } from '../triggers/manual.ts'
import { applyDeployment } from '../triggers/state.ts'
import { recordOffsets } from '../windows/offset-ledger.ts'
import { paneStart } from '../windows/pane.ts'
import { advanceWatermark } from '../windows/watermark.ts'
import { createWindowStore, mergeCounts, type WindowStore } from '../windows/window-store.ts'
import { closePanes } from './close-panes.ts'
import {
  answersInShadow,
  beginAwaited,
  compareDelta,
  heedDeployment,
  heedNewShares,
  heedReference,
} from './compare-versions.ts'
import { acceptDelta } from './contiguity.ts'
import {
  countedKey,
  type DetectContext,
  type DetectOutput,
  type DetectState,
  type DroppedPane,
  drop,
  type ModelState,
  modelStateOf,
  NOTHING,
} from './detect-state.ts'
import { changeChampion } from './drift-events.ts'
import { acceptReference, learnFromCount, learnFromSample } from './learn-reference.ts'
import { noteDelta, tellHealth } from './stream-health.ts'

/**
 * Merges one delta and judges every pane it closes. An overlapping delta is dropped whole; a gap is merged
 * and reported. Deterministic: time is the watermark the deltas carry.
 */
export function detectDelta(state: DetectState, delta: SketchDelta, context: DetectContext): DetectOutput {
  return atOnce(detectDeltaInParts(state, delta, context))
}

/** The same with stops before every pane and within it: until it has ended the state is to be left alone. */
export function* detectDeltaInParts(
  state: DetectState,
  delta: SketchDelta,
  context: DetectContext,
): Interruptible<DetectOutput> {
  const continuation = acceptDelta(state.contiguity, delta)
  noteDelta(state.health, delta, continuation)
  if (continuation.kind === 'overlaps') return { ...NOTHING, overlap: true }

  for (const source of delta.sources) recordOffsets(state.ledger, { ...source, watermark: source.readUntil })
  heedNewShares(state, delta)
  const dropped: DroppedPane[] = []
  for (const entry of delta.entries) {
    const model = modelStateOf(state, entry.model, context)
    if (model === null) continue
    const { version, paneStart: start, referenceId, sketch } = entry
    model.firstStart = Math.min(start, model.firstStart ?? start)
    model.lastStart = Math.max(start, model.lastStart ?? start)
    if (referenceId === null) learnFromCount(model, entry)
    else {
      const store = countedOn(state, model, version, referenceId, context)
      const fate = mergeCounts(store, start, sketch)
      if (fate !== 'merged') dropped.push(drop(model, version, start, fate))
    }
    // Second answers to events that are counted by their first.
    const labelled = answersInShadow(model, version) ? 0 : entry.sketch.performance.n
    if (labelled > 0) {
      model.labelledTotal += labelled
      model.labelled.set(entry.paneStart, (model.labelled.get(entry.paneStart) ?? 0) + labelled)
    }
  }

  compareDelta(state, delta)
  state.watermark = advanceWatermark(state.watermark, delta.task, delta, context.taskCount)
  const gaps = continuation.kind === 'gap' ? continuation.gaps : []
  const last = delta.part + 1 === delta.parts
  const closed = last ? yield* closePanes(state, context) : NOTHING
  if (last) beginAwaited(state, context.stream.paneMs)
  const health = last ? healthOf(state, context) : null
  return { ...closed, gaps, dropped: [...dropped, ...closed.dropped], health }
}

/** Told whenever stream time has closed a pane, also where this task has no models to judge. */
function healthOf({ health, watermark }: DetectState, { stream }: DetectContext): StreamHealthEvent | null {
  if (!Number.isFinite(watermark.at)) return null
  const until = paneStart(watermark.at - stream.graceMs, stream.paneMs)
  if (health.toldUntil !== null && until <= health.toldUntil) return null
  return tellHealth(health, until, stream.paneMs)
}

/** From now on the version is judged against this reference, by the panes counted on its edges. */
export function detectReference(
  state: DetectState,
  reference: Reference,
  context: DetectContext,
): DetectOutput {
  const model = modelStateOf(state, reference.model, context)
  if (model === null) return NOTHING
  acceptReference(model, reference)
  heedReference(model, reference.version)
  return NOTHING
}

/** Keeps rows of a version without a reference until there are enough to cut one. */
export function detectSample(
  state: DetectState,
  sample: ReferenceSample,
  context: DetectContext,
): DetectOutput {
  const model = modelStateOf(state, sample.model, context)
  if (model !== null) learnFromSample(model, sample)
  return NOTHING
}

/**
 * A promotion makes its version the champion, a roll-back the one before again: from now on its windows are
 * judged against its reference, and what was wrong with the other version is over. Stages before it begin a
 * comparison.
 */
export function detectDeployment(
  state: DetectState,
  event: DeploymentEvent,
  context: DetectContext,
): DetectOutput {
  const model = modelStateOf(state, event.model, context)
  if (model === null) return NOTHING
  const champion = championAfter(model.champion, event)
  const changes = champion !== model.champion
  const at = state.closedUntil ?? event.at
  model.trigger = applyDeployment(model.trigger, event, at, changes)
  heedDeployment(model, event, state, context.stream.paneMs)
  return changes ? { ...NOTHING, drift: changeChampion(model, champion, event.at) } : NOTHING
}

/**
 * A person asks for a retrain of a model: decided when the next pane closes, by guards that a person does
 * not pass. Nothing comes of a wish for a model that is not configured.
 */
export function detectWish(
  state: DetectState,
  { model: name, ...wish }: Wish & { readonly model: string },
  context: DetectContext,
): DetectOutput {
  const model = modelStateOf(state, name, context)
  if (model === null) return NOTHING
  const at = state.closedUntil ?? wish.at
  model.trigger = { ...model.trigger, wishes: addWish(model.trigger.wishes, { ...wish, at }) }
  return NOTHING
}

/**
 * Counts of one version on one reference's edges. The delta says which: it may arrive before the reference
 * itself, since observers read that topic too and may be ahead.
 */
function countedOn(
  state: DetectState,
  model: ModelState,
  version: string,
  gridId: string,
  { stream }: DetectContext,
): WindowStore {
  const key = countedKey(version, gridId)
  let windows = model.windows.get(key)
  if (windows === undefined) {
    windows = { version, gridId, store: createWindowStore(stream.paneMs, state.closedUntil) }
    model.windows.set(key, windows)
  }
  return windows.store
}
