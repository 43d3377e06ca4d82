import {
  advanceClassics,
  classicFindings,
  createClassics,
  type LossKind,
  type WatchingClassic,
} from '../detectors/classic-findings.ts'
import { clippedErrors, errorCap } from '../detectors/clipped-errors.ts'
import { compiledReference } from '../detectors/compiled-reference.ts'
import { chosenMode, needsRightAndWrong } from '../detectors/expert-modes.ts'
import type { TestOptions } from '../detectors/options.ts'
import { basisOf } from '../detectors/pane-null.ts'
import { judgeRiseEvidence, metricOf, riseOf } from '../detectors/rise-finding.ts'
import type { LossSums } from '../detectors/sequential/mean-loss.ts'
import { restart } from '../detectors/sequential/rise-evidence.ts'
import type { RunLengthBudget } from '../detectors/sequential/run-length-budget.ts'
import type { Finding } from '../events/finding.ts'
import { stableId } from '../events/stable-id.ts'
import type { PerformanceCounts, Reference } from '../sketches/types.ts'
import { gatheringPane, type WindowStore } from '../windows/window-store.ts'
import { budgetOf } from './judged-model.ts'
import { createLossWatch, type LossWatch, updateLossWatch } from './loss-watch.ts'
import type { ModelOptions } from './options.ts'

/** What is watched from pane to pane of one version against one reference. */
export interface OutcomeWatch {
  readonly version: string
  readonly referenceId: string
  /** Null where the budget leaves nothing for outcomes. */
  readonly loss: LossWatch | null
  readonly classics: readonly WatchingClassic[]
  /** Outcomes of the newest pane taken in; of a regression the sum of clipped errors, each from 0 to 1. */
  errors: number
  n: number
}

/** A watch of this version by this reference: the one there is, or a new one; null without outcomes to know. */
export function watchOf(
  known: OutcomeWatch | null,
  model: ModelOptions,
  version: string,
  reference: Reference,
  paneMs: number,
): OutcomeWatch | null {
  if (known !== null && known.version === version && known.referenceId === reference.id) return known
  const outcomes = reference.performance
  if (outcomes === null || outcomes.n === 0) return null
  const { looks, parts } = budgetOf(model, reference, paneMs, true).allotment
  const falseAlarms = Math.min(1, parts.outcomes.alpha * looks)
  return {
    version,
    referenceId: reference.id,
    loss: falseAlarms > 0 ? createLossWatch(outcomes, { falseAlarms, looks }) : null,
    classics: classicsOf(model, version, reference, outcomes, {
      falseAlarms: falseAlarms > 0 ? falseAlarms : 1,
      looks,
    }),
    errors: 0,
    n: 0,
  }
}

/** The modes that watch outcomes; of a regression those that take losses of any size. */
function classicsOf(
  { name, classics }: ModelOptions,
  version: string,
  reference: Reference,
  outcomes: PerformanceCounts,
  budget: RunLengthBudget,
): WatchingClassic[] {
  const isRegression = outcomes.task === 'regression'
  const losses = referenceLosses(outcomes)
  if (losses === null) return []
  const scatter = compiledReference(reference).outcomes.get(isRegression ? 'mae' : 'accuracy')
  return createClassics(
    classics.filter((mode) => !(isRegression && needsRightAndWrong(chosenMode(mode).name))),
    stableId('classics', name, version, reference.id),
    { reference: { ...losses, designEffect: scatter?.designEffect ?? 1 }, budget },
  )
}

/** Errors, or the clipped errors of a regression; null where it has none to speak of. */
function referenceLosses(outcomes: PerformanceCounts): LossSums | null {
  if (outcomes.task !== 'regression') {
    const errors = outcomes.n - outcomes.correct
    return { sum: errors, squares: errors, n: outcomes.n }
  }
  const cap = errorCap(outcomes)
  return cap === null ? null : clippedErrors(outcomes, cap)
}

/**
 * Takes the outcomes of the pane whose labels are complete when the pane that ends at `end` closes. To be
 * called before the store closes it; labels that come later still do not reach the watch.
 */
export function advanceWatch(
  watch: OutcomeWatch,
  { windows }: ModelOptions,
  reference: Reference,
  store: WindowStore,
  end: number,
  paneMs: number,
): void {
  const complete = gatheringPane(store, end - windows.labelDelayMs - paneMs)?.performance ?? null
  const losses = complete === null ? null : lossesOf(complete, reference)
  watch.n = losses?.n ?? 0
  watch.errors = losses?.sum ?? 0
  if (watch.loss !== null) updateLossWatch(watch.loss, complete)
  advanceClassics(watch.classics, { sum: watch.errors, n: watch.n }, kindOf(reference))
}

function lossesOf(pane: PerformanceCounts, { performance }: Reference): LossSums | null {
  if (pane.task !== 'regression') return referenceLosses(pane)
  const cap = performance === null ? null : errorCap(performance)
  return cap === null ? null : clippedErrors(pane, cap)
}

function kindOf({ task }: Reference): LossKind {
  return task === 'regression' ? 'losses' : 'outcomes'
}

/** What was found is over: evidence is gathered anew, as the bound on false alarms takes for granted. */
export function restartWatch(watch: OutcomeWatch | null): void {
  if (watch !== null && watch.loss !== null) restart(watch.loss.detector)
}

/** What the watch says, told with the metrics of the windows judged at the same look. */
export function judgeWatch(
  watch: OutcomeWatch | null,
  reference: Reference,
  performance: readonly Finding[],
  options: TestOptions,
): { readonly performance: readonly Finding[]; readonly classic: readonly Finding[] } {
  if (watch === null) return { performance: [], classic: [] }
  const { loss, classics, errors, n } = watch
  const classic = classicFindings(classics, { sum: errors, n }, kindOf(reference))
  if (loss === null) return { performance: [], classic }
  const { kind, detector } = loss
  const name = metricOf(kind)
  const isShare = kind === 'error-rate'
  let metric: Finding | undefined
  for (const finding of performance) {
    if (finding.statistic !== name || finding.effectLower === null) continue
    if (metric === undefined || riseOf(finding, isShare).lower > riseOf(metric, isShare).lower)
      metric = finding
  }
  const basis = basisOf(compiledReference(reference).outcomes.get(name) ?? null)
  return {
    performance: judgeRiseEvidence({ loss: kind, evidence: detector, metric, basis }, options),
    classic,
  }
}
