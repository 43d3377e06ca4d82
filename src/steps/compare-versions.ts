import { comparedLoss } from '../detectors/compared-loss.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import {
  changesAnswers,
  type DeploymentEvent,
  type FeaturesEnd,
  TERMINAL_STAGES,
} from '../events/deployment-event.ts'
import { harmLevel } from '../retraining/rollout-options.ts'
import type { SketchDelta } from '../sketches/delta.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { paneStart } from '../windows/pane.ts'
import { gatheringPane, judgedOutcomes, type WindowStore } from '../windows/window-store.ts'
import { closeAnswers } from './answer-counts.ts'
import {
  type AwaitedStep,
  beginStep,
  type Comparing,
  compareEntry,
  compareOutcomes,
  comparePair,
  createComparing,
  endStep,
  stepAt,
  takeBlocks,
} from './comparing.ts'
import { comparisonTold } from './comparison-told.ts'
import { takenInUntil } from './contiguity.ts'
import { type DetectState, type ModelState, storeOf } from './detect-state.ts'
import { addToBaseline, watchedBaseline } from './watched-baseline.ts'

/** What a deployment event says to the comparison of its model: a stage begins, a share changes, or it is over. */
export function heedDeployment(
  model: ModelState,
  event: DeploymentEvent,
  state: DetectState,
  paneMs: number,
): void {
  const { stage, requestId, fromVersion, toVersion } = event
  const known = model.comparing?.requestId === requestId ? model.comparing : null
  if (stage === 'shadow' || stage === 'canary') {
    const about = { requestId, stage, champion: fromVersion, challenger: toVersion, before: null }
    const comparing =
      known?.stage === stage ? known : createComparing({ ...about, ...measureOf(model, about) })
    const last = comparing.awaited.at(-1) ?? comparing.steps.at(-1)
    const step = stepToldBy(event)
    if (last?.number !== step.number) comparing.awaited.push(step)
    model.comparing = comparing
    beginCovered(model, state, paneMs)
    return
  }
  if (changesAnswers(event) && model.options.rollout?.watch) {
    const [champion, challenger] = [fromVersion, toVersion]
    const about = { requestId, stage: 'watch', champion, challenger, before: null } as const
    model.comparing = createComparing({ ...about, ...measureOf(model, about) })
    model.comparing.awaited.push(stepToldBy(event))
    beginCovered(model, state, paneMs)
    return
  }
  // A promotion by another hand ends what was compared with the champion before.
  if (stage === 'promoted' || (known !== null && TERMINAL_STAGES.has(stage))) model.comparing = null
}

/**
 * A reference has been read. Where it belongs to a version that is compared it may have been written before the
 * stage, and read behind it: so it counts as if it had come first, as long as there are no losses yet.
 */
export function heedReference(model: ModelState, version: string): void {
  const { comparing } = model
  if (comparing === null || (version !== comparing.champion && version !== comparing.challenger)) return
  const { championLosses, challengerLosses } = comparing
  if (championLosses.n > 0 || challengerLosses.n > 0) return
  model.comparing = { ...comparing, ...measureOf(model, comparing) }
}

/** Before a delta is taken in: where it brings events behind a step to come, what is open belongs to no step. */
export function heedNewShares({ models }: DetectState, { sources }: SketchDelta): void {
  for (const { comparing, lastStart } of models.values()) {
    const end = comparing?.awaited[0]?.featuresEnd ?? null
    if (comparing == null || end === null || lastStart === null) continue
    if (
      sources.some(({ topic, partition, to }) => topic === end.topic && to > (end.offsets[partition] ?? 0))
    ) {
      endStep(comparing, lastStart)
    }
  }
}

/** Once all events have been taken in that were written before a step, it begins with the next pane. */
export function beginAwaited(state: DetectState, paneMs: number): void {
  for (const model of state.models.values()) {
    if (model.comparing !== null) beginCovered(model, state, paneMs)
  }
}

/** Takes in what a delta says of versions that are compared. */
export function compareDelta(state: DetectState, { entries, pairs }: SketchDelta): void {
  for (const entry of entries) {
    const comparing = state.models.get(entry.model)?.comparing ?? null
    if (comparing !== null) compareEntry(comparing, entry)
  }
  for (const pair of pairs ?? []) {
    const comparing = state.models.get(pair.model)?.comparing ?? null
    if (comparing !== null) comparePair(comparing, pair)
  }
}

/**
 * Looks at the comparison when the pane that ends at `end` closes, before the store closes it; null where nothing
 * is compared, or nothing yet. A watch is as far behind as labels need to be complete, and tells that time.
 */
export function lookAtComparison(
  model: ModelState,
  store: WindowStore | null,
  end: number,
  paneMs: number,
): ComparisonEvent | null {
  const { comparing } = model
  const { name, rollout, windows } = model.options
  if (comparing === null || comparing.steps.length === 0 || rollout === undefined) return null
  const at = comparing.stage === 'watch' ? end - windows.labelDelayMs : end
  if (at <= comparing.steps[0]!.fromMs) return null
  if (comparing.stage === 'watch') {
    const complete = store === null ? null : (gatheringPane(store, at - paneMs)?.performance ?? null)
    watchPane(comparing, complete)
  } else {
    closeAnswers(comparing.answers, comparing.stage, (start) => stepAt(comparing, start), paneMs, end)
    takeBlocks(comparing)
  }
  return comparisonTold(name, comparing, at, rollout)
}

function stepToldBy({ stage, step, trafficShare, featuresEnd }: DeploymentEvent): AwaitedStep {
  const share = stage === 'canary' ? trafficShare : 1
  return { number: step ?? 0, share, featuresEnd: featuresEnd ?? null }
}

function beginCovered(model: ModelState, state: DetectState, paneMs: number): void {
  for (let next = model.comparing?.awaited[0]; next !== undefined; next = model.comparing?.awaited[0]) {
    // Before the first event there is no pane that could be open.
    const { at } = state.watermark
    if (!Number.isFinite(at) || !covers(state, next.featuresEnd)) return
    const comparing = withPast(model, model.comparing!)
    model.comparing = comparing
    // Events of any pane up to the latest may have been answered either way.
    beginStep(
      comparing,
      next,
      Math.max(paneStart(at, paneMs), model.lastStart ?? Number.NEGATIVE_INFINITY),
      paneMs,
    )
    comparing.awaited.shift()
  }
}

/** What a promoted version is held against is known when its watch begins: until then the one before served. */
function withPast(model: ModelState, comparing: Comparing): Comparing {
  if (comparing.stage !== 'watch') return comparing
  const store = storeOf(model, comparing.champion)
  const about = { ...comparing, before: store === null ? null : lastWindow(store) }
  return { ...about, ...measureOf(model, about) }
}

/** Whether every event of the features topic before its ends is taken in; a silent partition holds nobody. */
function covers({ contiguity, watermark }: DetectState, end: FeaturesEnd | null): boolean {
  if (end === null) return true
  return end.offsets.every((offset, partition) => {
    const until = takenInUntil(contiguity, { topic: end.topic, partition })
    return until >= offset || watermark.tasks.get(partition)?.idle === true
  })
}

/** Whether labelled predictions of a version are second answers to events that the champion answers, too. */
export function answersInShadow({ comparing }: ModelState, version: string): boolean {
  return comparing !== null && comparing.stage === 'shadow' && comparing.challenger === version
}

function watchPane(comparing: Comparing, complete: PerformanceCounts | null): void {
  if (complete === null) return
  const losses = compareOutcomes(comparing, complete)
  if (comparing.baseline !== null) addToBaseline(comparing.baseline, losses)
}

/** By which loss versions are compared, and what a promoted one is held against: what their references say. */
function measureOf(
  { options, references }: ModelState,
  { stage, champion, challenger, before }: Pick<Comparing, 'stage' | 'champion' | 'challenger' | 'before'>,
): Pick<Comparing, 'loss' | 'baseline'> {
  const [ofChampion, ofChallenger] = [references.get(champion) ?? null, references.get(challenger) ?? null]
  const loss = comparedLoss(options.task, ofChampion, ofChallenger)
  const { rollout } = options
  if (stage !== 'watch' || rollout === undefined) return { loss, baseline: null }
  const held = { level: harmLevel(rollout), margin: rollout.margin }
  return { loss, baseline: watchedBaseline(ofChallenger?.performance ?? null, before, loss, held) }
}

/** Outcomes of the newest window whose labels are complete, the longest that there is. */
function lastWindow(store: WindowStore): PerformanceCounts | null {
  const windows = judgedOutcomes(store).filter(({ sketch }) => (sketch?.performance.n ?? 0) > 0)
  return windows[0]?.sketch?.performance ?? null
}
