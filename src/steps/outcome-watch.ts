import {
  advanceClassics,
  classicFindings,
  createClassics,
  type WatchingClassic,
} from '../detectors/classic-findings.ts'
import { compiledReference } from '../detectors/compiled-reference.ts'
import { isClassic } from '../detectors/expert-modes.ts'
import type { TestOptions } from '../detectors/options.ts'
import { basisOf } from '../detectors/pane-null.ts'
import { judgeRiseEvidence, metricOf, riseOf } from '../detectors/rise-finding.ts'
import { restart } from '../detectors/sequential/rise-evidence.ts'
import type { Finding } from '../events/finding.ts'
import { stableId } from '../events/stable-id.ts'
import type { Reference } from '../sketches/types.ts'
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
  /** Outcomes of the newest pane taken in. */
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
    classics: createClassics(
      // They count rights and wrongs, which a regression has none of.
      outcomes.task === 'regression' ? [] : model.classics.filter(isClassic),
      stableId('classics', model.name, version, reference.id),
    ),
    errors: 0,
    n: 0,
  }
}

/**
 * Takes the outcomes of the pane whose labels are complete when the pane that ends at `end` closes. To be
 * called before the store closes it; labels that come later still do not reach the watch.
 */
export function advanceWatch(
  watch: OutcomeWatch,
  { windows }: ModelOptions,
  store: WindowStore,
  end: number,
  paneMs: number,
): void {
  const complete = gatheringPane(store, end - windows.labelDelayMs - paneMs)?.performance ?? null
  watch.n = complete?.n ?? 0
  watch.errors = complete === null ? 0 : complete.n - complete.correct
  if (watch.loss !== null) updateLossWatch(watch.loss, complete)
  advanceClassics(watch.classics, watch.errors, watch.n)
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
  const classic = classicFindings(classics, errors, n)
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
