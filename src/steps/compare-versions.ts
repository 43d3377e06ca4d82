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
    } else model.comparing = createComparing(aboutOf(model, requestId, stage, fromVersion, toVersion), step)
    return
  }
  if (stage === 'promoted' && event.watched === true && model.options.rollout?.watch) {
    const { rollout } = model.options
    const about = aboutOf(model, requestId, 'watch', fromVersion, toVersion)
    const promised = model.references.get(toVersion)?.performance ?? null
    const before = championStore === null ? null : lastWindow(championStore)
    const options = { level: harmLevel(rollout), margin: rollout.margin }
    const baseline = watchedBaseline(promised, before, about.loss, options)
    model.comparing = createComparing(about, step, baseline)
    return
  }
  // A promotion by another hand ends what was compared with the champion before.
  if (stage === 'promoted' || (known !== null && TERMINAL_STAGES.has(stage))) model.comparing = null
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

function aboutOf(
  { options, references }: ModelState,
  requestId: string,
  stage: Comparing['stage'],
  champion: string,
  challenger: string,
): Pick<Comparing, 'requestId' | 'stage' | 'champion' | 'challenger' | 'loss'> {
  const [ofChampion, ofChallenger] = [references.get(champion) ?? null, references.get(challenger) ?? null]
  return {
    requestId,
    stage,
    champion,
    challenger,
    loss: comparedLoss(options.task, ofChampion, ofChallenger),
  }
}

/** Outcomes of the newest window whose labels are complete, the longest that there is. */
function lastWindow(store: WindowStore): PerformanceCounts | null {
  const windows = judgedOutcomes(store).filter(({ sketch }) => (sketch?.performance.n ?? 0) > 0)
  return windows[0]?.sketch?.performance ?? null
}
