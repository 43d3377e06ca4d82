import { comparedLoss } from '../detectors/compared-loss.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import { type DeploymentEvent, TERMINAL_STAGES } from '../events/deployment-event.ts'
import { harmLevel } from '../retraining/rollout-options.ts'
import type { SketchDelta } from '../sketches/delta.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { paneStart } from '../windows/pane.ts'
import { gatheringPane, judgedOutcomes, type WindowStore } from '../windows/window-store.ts'
import { closeAnswers } from './answer-counts.ts'
import {
  beginStep,
  type Comparing,
  compareEntry,
  compareOutcomes,
  comparePair,
  createComparing,
  stepAt,
  takeBlocks,
} from './comparing.ts'
import { comparisonTold } from './comparison-told.ts'
import type { DetectState, ModelState } from './detect-state.ts'
import { addToBaseline, watchedBaseline } from './watched-baseline.ts'

/**
 * What a deployment event says to the comparison of its model: a stage begins, a share changes, or it is over.
 * To be asked before the champion changes. `championStore`: the windows of the version that served until now.
 */
export function heedDeployment(
  model: ModelState,
  event: DeploymentEvent,
  { watermark }: DetectState,
  paneMs: number,
  championStore: WindowStore | null,
): void {
  const { stage, requestId, fromVersion, toVersion, trafficShare } = event
  const known = model.comparing?.requestId === requestId ? model.comparing : null
  // Counted from the next pane on: in this one the share is neither the old nor the new.
  const openMs = paneStart(Number.isFinite(watermark.at) ? watermark.at : event.at, paneMs)
  const step = {
    number: event.step ?? 0,
    share: stage === 'canary' ? trafficShare : 1,
    fromMs: openMs + paneMs,
  }
  if (stage === 'shadow' || stage === 'canary') {
    if (known?.stage === stage) {
      if (known.steps.at(-1)?.number !== step.number) beginStep(known, step, openMs)
    } else {
      const about = { requestId, stage, champion: fromVersion, challenger: toVersion, before: null }
      model.comparing = createComparing({ ...about, ...measureOf(model, about) }, step)
    }
    return
  }
  if (stage === 'promoted' && event.watched === true && model.options.rollout?.watch) {
    const before = championStore === null ? null : lastWindow(championStore)
    const about = { requestId, stage: 'watch', champion: fromVersion, challenger: toVersion, before } as const
    model.comparing = createComparing({ ...about, ...measureOf(model, about) }, step)
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
  if (comparing === null || rollout === undefined) return null
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
