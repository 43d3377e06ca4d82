import { diagnose } from '../detectors/diagnosis.ts'
import { advanceEpisodes, type EpisodeChange } from '../detectors/episodes.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import type { DriftEvent } from '../events/drift-event.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding, Verdict } from '../events/finding.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import type { Interruptible } from '../sketches/interruptible.ts'
import { gridIdOf } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'
import type { TriggerPolicy } from '../triggers/policy.ts'
import { forgetOffsetsBefore } from '../windows/offset-ledger.ts'
import { paneStart } from '../windows/pane.ts'
import { beginTrail, closeUntil, isEmpty, planWindows, type WindowStore } from '../windows/window-store.ts'
import { coarseCellsOf } from './coarse-features.ts'
import { lookAtComparison } from './compare-versions.ts'
import { dateChange } from './date-change.ts'
import { decideRequests } from './decide-requests.ts'
import {
  type DetectContext,
  type DetectOutput,
  type DetectState,
  type DroppedPane,
  drop,
  type JudgedPane,
  type ModelState,
  NOTHING,
  storeOf,
} from './detect-state.ts'
import { driftEvent } from './drift-events.ts'
import { judgedFrom, judgeModel } from './judge-model.ts'
import { keptLooksOf, looksSince } from './kept-looks.ts'
import { advanceLearning, worthPublishing } from './learn-reference.ts'
import type { ModelOptions, StreamOptions } from './options.ts'
import { advanceWatch, restartWatch, watchOf } from './outcome-watch.ts'
import { planOf, windowsReachMs } from './plan-windows.ts'

/**
 * Judges every model at every pane that stream time has closed since the last call. One record may close any
 * number of panes of any number of models, so it stops before each of them and within: there the state must
 * not be changed.
 */
export function* closePanes(state: DetectState, context: DetectContext): Interruptible<DetectOutput> {
  const { paneMs, graceMs } = context.stream
  if (!Number.isFinite(state.watermark.at)) return NOTHING
  const until = paneStart(state.watermark.at - graceMs, paneMs)
  const drift: DriftEvent[] = []
  const requests: RetrainRequest[] = []
  const learned: Reference[] = []
  const comparisons: ComparisonEvent[] = []
  const dropped: DroppedPane[] = []
  const judgedPanes: JudgedPane[] = []
  let panes = 0
  for (let end = (state.closedUntil ?? firstPane(state, until)) + paneMs; end <= until; end += paneMs) {
    yield 'pane'
    const findings = new Map<ModelState, readonly Finding[]>()
    for (const model of state.models.values()) {
      dropped.push(...prepareWindows(model, paneMs))
      learned.push(...(yield* advanceLearning(model, end, paneMs)))
      advanceChampionWatch(model, end, paneMs)
      const comparison = lookAtComparison(model, championOf(model).store, end, paneMs)
      if (comparison !== null) comparisons.push(comparison)
      for (const { store } of model.windows.values()) closeUntil(store, end)
      const judged = yield* judgeEpisodes(model, end, paneMs)
      drift.push(...judged.drift)
      findings.set(model, judged.findings)
      if (judged.findings.length > 0) judgedPanes.push(judgedPane(model, judged))
      yield 'part'
    }
    panes++
    requests.push(...(context.decide ?? decideRequests)(state, findings, end))
    state.closedUntil = end
  }
  forget(state, context, until)
  const named = new Set([...drift, ...requests].map(({ referenceId }) => referenceId))
  const references = worthPublishing(learned, named)
  return { ...NOTHING, drift, requests, references, comparisons, dropped, panes, judged: judgedPanes }
}

/** Tells the stores that have waited for it what their panes are counted on. */
function prepareWindows(model: ModelState, paneMs: number): DroppedPane[] {
  const dropped: DroppedPane[] = []
  for (const { version, gridId, store } of model.windows.values()) {
    const cut = model.learning.get(version)?.counting?.cut
    const reference = [model.references.get(version), cut].find(
      (known) => known && gridIdOf(known) === gridId,
    )
    if (reference === undefined) continue
    if (store.planned === null) {
      const misfits = planWindows(store, planOf(model.options, reference, paneMs))
      dropped.push(...misfits.map((start) => drop(model, version, start, 'misfit')))
    } else if (store.planned.features.trail === null && reference.stage !== 'cut') {
      beginTrail(store, coarseCellsOf(reference))
    }
  }
  return dropped
}

/** Where judging begins: at the first pane there is, for the first delta may hold many. */
function firstPane(state: DetectState, until: number): number {
  let first = until
  for (const { firstStart } of state.models.values()) first = Math.min(first, firstStart ?? until)
  return first
}

/** Gives the champion's watch the pane whose labels are complete now. */
function advanceChampionWatch(model: ModelState, end: number, paneMs: number): void {
  const { reference, store } = championOf(model)
  if (reference === null || store === null) return
  model.watch = watchOf(model.watch, model.options, model.champion, reference, paneMs)
  if (model.watch !== null) advanceWatch(model.watch, model.options, reference, store, end, paneMs)
}

/** What the version that serves is judged by. */
function championOf(model: ModelState): { reference: Reference | null; store: WindowStore | null } {
  return { reference: model.references.get(model.champion) ?? null, store: storeOf(model, model.champion) }
}

/** Judges the champion's windows and takes what they show into its episodes. */
function* judgeEpisodes(model: ModelState, end: number, paneMs: number): Interruptible<JudgedEpisodes> {
  const { reference, store } = championOf(model)
  if (reference === null || store === null) return { drift: [], findings: [], tests: 0, looks: 0 }

  const { over } = model.episodes
  model.looks = keptLooksOf(model.looks, model.champion, reference.id)
  const { watch, looks } = model
  const before = new Map(looks.byWindow)
  const judgement = yield* judgeModel(model.options, reference, { store, watch, looks, end, paneMs, over })
  if (judgement.quality.some(({ verdict }) => verdict === 'drifted')) {
    model.broken = joined(model.broken, judgement.windows.quality)
  }
  const concerns = diagnose({
    dataFindings: judgement.data,
    qualityFindings: judgement.quality,
    performanceFindings: judgement.performance,
    estimateFindings: judgement.estimates,
    isLabelled: model.labelled.size > 0,
    classicDataFindings: judgement.classicData,
    classicOutcomeFindings: judgement.classicOutcomes,
    labelFindings: judgement.label,
    brokenDataShare: brokenShare(model, judgement.windows.data, judgement.data),
    brokenPanesShare: brokenShare(model, judgement.windows.performance, judgement.performance),
  })
  const step = advanceEpisodes(model.episodes, {
    at: end,
    concerns,
    findings: judgement.all,
    windows: judgement.windows,
    changedAt: (concern) => changedAt(concern.findings[0], model, reference, store, judgement.windows.data),
  })
  model.episodes = step.state
  if (step.changes.some(endsPerformance)) restartWatch(model.watch)
  const { featuresPValue } = judgement
  const drift = step.changes.map((change): DriftEvent => {
    const event = driftEvent(change, model, reference.id, end)
    return event.concern === 'data' && featuresPValue !== null ? { ...event, featuresPValue } : event
  })
  return { drift, findings: judgement.all, tests: judgement.tests, looks: looksSince(looks, before) }
}

interface JudgedEpisodes {
  readonly drift: readonly DriftEvent[]
  readonly findings: readonly Finding[]
  readonly tests: number
  readonly looks: number
}

function judgedPane(model: ModelState, { findings, tests, looks }: JudgedEpisodes): JudgedPane {
  const verdicts = new Map<Verdict, number>()
  for (const { verdict } of findings) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
  return { model: model.options.name, tests, longerLooks: looks, verdicts }
}

function endsPerformance({ state, episode }: EpisodeChange): boolean {
  return state === 'resolved' && episode.concern === 'performance'
}

/** The pane from which on the strongest finding shows most; the window's start where none can be dated. */
function changedAt(
  strongest: Finding | undefined,
  model: ModelState,
  reference: Reference,
  store: WindowStore,
  base: TimeRange,
): number {
  const { fromMs, toMs } = strongest?.window ?? base
  if (strongest === undefined) return fromMs
  // Twice the window: what it shows first may have begun before it.
  const since = Math.max(fromMs - (toMs - fromMs), judgedFrom(reference))
  return dateChange(strongest, model.options, reference, store, since) ?? fromMs
}

/** The largest share of broken panes in the base window or in a window that shows a drift, 0 to 1. */
function brokenShare({ broken }: ModelState, base: TimeRange, findings: readonly Finding[]): number {
  const shown = findings.filter(({ verdict }) => verdict === 'drifted').flatMap(({ window }) => window ?? [])
  return Math.max(...[base, ...shown].map((range) => shareOf(range, broken)))
}

/** Drops what no window, no training range and no late label needs any more. */
function forget(state: DetectState, context: DetectContext, until: number): void {
  let ledgerMs = 0
  for (const model of state.models.values()) {
    const rangeMs = memoryMs(model.options, model.options.policy, context.stream)
    for (const [key, { version, store }] of model.windows) {
      if (version !== model.champion && isEmpty(store)) model.windows.delete(key)
    }
    model.broken = model.broken.filter(({ toMs }) => toMs >= until - rangeMs)
    for (const start of model.labelled.keys()) if (start < until - rangeMs) model.labelled.delete(start)
    ledgerMs = Math.max(ledgerMs, rangeMs)
  }
  if (ledgerMs > 0) forgetOffsetsBefore(state.ledger, until - ledgerMs)
}

/**
 * How far back a model's labels, its broken stretches and the offsets are known: a training range begins
 * where a change was dated, or a training window back.
 */
export function memoryMs(
  model: ModelOptions,
  { trainingWindowMs }: Pick<TriggerPolicy, 'trainingWindowMs'>,
  { paneMs, labelWaitMs }: StreamOptions,
): number {
  return Math.max(2 * trainingWindowMs, 2 * windowsReachMs(model, paneMs) + labelWaitMs)
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
