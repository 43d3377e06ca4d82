import { diagnose } from '../detectors/diagnosis.ts'
import { advanceEpisodes, openEpisodes } from '../detectors/episodes.ts'
import type { DriftEvent } from '../events/drift-event.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { gridIdOf } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'
import { decideRetrain } from '../triggers/decide.ts'
import { paneStart } from '../windows/pane.ts'
import type { PaneStore } from '../windows/pane-store.ts'
import { dateChange } from './date-change.ts'
import {
  type DetectContext,
  type DetectOutput,
  type DetectState,
  type ModelState,
  NOTHING,
  panesKey,
} from './detect-state.ts'
import { driftEvent } from './drift-events.ts'
import { type Judgement, judgedFrom, judgeModel } from './judge-model.ts'
import { advanceLearning } from './learn-reference.ts'
import type { ModelOptions } from './options.ts'
import { retrainRequest } from './retrain-request.ts'

/** Judges every model at every pane that stream time has closed since the last call. */
export function closePanes(state: DetectState, context: DetectContext): DetectOutput {
  const { paneMs, graceMs } = context.stream
  if (!Number.isFinite(state.watermark.at)) return NOTHING
  const until = paneStart(state.watermark.at - graceMs, paneMs)
  const drift: DriftEvent[] = []
  const requests: RetrainRequest[] = []
  const references: Reference[] = []
  for (let end = (state.closedUntil ?? firstPane(state, until)) + paneMs; end <= until; end += paneMs) {
    for (const model of state.models.values()) {
      references.push(...advanceLearning(model, end, paneMs))
      drift.push(...judgeEpisodes(model, end, paneMs))
      const request = decide(state, model, end)
      if (request !== null) requests.push(request)
    }
    state.closedUntil = end
  }
  forget(state, context, until)
  return { drift, requests, references, gaps: [], overlap: false }
}

/** Where judging begins: at the first pane there is, for the first delta may hold many. */
function firstPane(state: DetectState, until: number): number {
  let first = until
  for (const { panes } of state.models.values()) {
    for (const { firstStart } of panes.values()) first = Math.min(first, firstStart ?? until)
  }
  return first
}

/** Judges the champion's windows and takes what they show into its episodes. */
function judgeEpisodes(model: ModelState, end: number, paneMs: number): DriftEvent[] {
  const reference = model.references.get(model.champion)
  const panes = model.panes.get(
    panesKey(model.champion, reference === undefined ? null : gridIdOf(reference)),
  )
  if (reference === undefined || panes === undefined) return []

  const judgement = judgeModel(model.options, reference, panes, end)
  if (judgement.quality.some(({ verdict }) => verdict === 'drifted')) {
    model.broken = joined(model.broken, judgement.windows.quality)
  }
  const concerns = diagnose({
    dataFindings: judgement.data,
    qualityFindings: judgement.quality,
    performanceFindings: judgement.performance,
    labelFindings: judgement.label,
    brokenDataShare: shareOf(judgement.windows.data, model.broken),
    brokenPanesShare: shareOf(judgement.windows.performance, model.broken),
  })
  const step = advanceEpisodes(model.episodes, {
    at: end,
    concerns,
    findings: [...judgement.quality, ...judgement.data, ...judgement.performance, ...judgement.label],
    windows: judgement.windows,
    paneMs,
    changedAt: (concern) => changedAt(concern.findings, model.options, reference, panes, judgement),
  })
  model.episodes = step.state
  return step.changes.map((change) => driftEvent(change, model, reference.id, end))
}

/** The pane from which on the strongest finding shows most; the window's start where none can be dated. */
function changedAt(
  findings: readonly Finding[],
  model: ModelOptions,
  reference: Reference,
  panes: PaneStore,
  { windows }: Judgement,
): number {
  const strongest = findings[0]
  if (strongest === undefined) return windows.data.fromMs
  const { fromMs, toMs } = strongest.detector === 'performance' ? windows.performance : windows.data
  // Twice the window: what the window shows first may have begun before it.
  const range = { fromMs: Math.max(fromMs - (toMs - fromMs), judgedFrom(reference)), toMs }
  return dateChange(strongest, model, reference, panes.panes(range.fromMs, range.toMs)) ?? fromMs
}

function decide(state: DetectState, model: ModelState, end: number): RetrainRequest | null {
  const labelledUntil = end - model.options.windows.labelDelayMs
  const observation = {
    model: model.options.name,
    version: model.champion,
    at: end,
    openEpisodes: openEpisodes(model.episodes),
    labelledSince: (fromMs: number) => {
      let count = 0
      for (const [start, labelled] of model.labelled) {
        if (start >= fromMs && start < labelledUntil) count += labelled
      }
      return count
    },
  }
  const { state: trigger, decision } = decideRetrain(model.trigger, observation, model.options.policy)
  model.trigger = trigger
  return decision === null ? null : retrainRequest(decision, state, model, end)
}

/** Drops what no window, no training range and no late label needs any more. */
function forget(state: DetectState, context: DetectContext, until: number): void {
  let ledgerMs = 0
  for (const model of state.models.values()) {
    const { windows, features, policy } = model.options
    const longest = Math.max(
      windows.qualityMs,
      windows.dataMs,
      windows.performanceMs,
      ...[...features.values()].map(({ windowMs }) => windowMs ?? 0),
    )
    const panesMs = 2 * longest + windows.labelDelayMs + context.stream.labelWaitMs
    const rangeMs = 2 * policy.trainingWindowMs + panesMs
    for (const panes of model.panes.values()) panes.evictBefore(until - panesMs)
    model.broken = model.broken.filter(({ toMs }) => toMs >= until - panesMs)
    for (const start of model.labelled.keys()) if (start < until - rangeMs) model.labelled.delete(start)
    ledgerMs = Math.max(ledgerMs, rangeMs)
  }
  if (ledgerMs > 0) state.ledger.evictBefore(until - ledgerMs)
}

/** Adds a range at the end of a list in time order, joined with the last where they touch. */
function joined(ranges: readonly TimeRange[], next: TimeRange): TimeRange[] {
  const last = ranges.at(-1)
  if (last === undefined || last.toMs < next.fromMs) return [...ranges, next]
  return [...ranges.slice(0, -1), { fromMs: last.fromMs, toMs: Math.max(last.toMs, next.toMs) }]
}

/** Share of `range` that lies in `parts`, 0 to 1. */
function shareOf(range: TimeRange, parts: readonly TimeRange[]): number {
  let covered = 0
  for (const { fromMs, toMs } of parts) {
    covered += Math.max(0, Math.min(toMs, range.toMs) - Math.max(fromMs, range.fromMs))
  }
  return covered / (range.toMs - range.fromMs)
}
