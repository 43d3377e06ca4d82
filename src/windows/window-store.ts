import { type CoarseCells, unpackCoarse } from '../sketches/coarse-cells.ts'
import { clonePaneSketch, mergePaneSketch, outlineOf, sketchesFit } from '../sketches/pane-sketch.ts'
import type { BlockShape, PaneSketch, PerformanceCounts } from '../sketches/types.ts'
import { createChangeTrail } from './change-trail.ts'
import type { NumberedWindow } from './dyadic-sums.ts'
import {
  closeFeatures,
  correctFeatures,
  createFeatureWindows,
  type FeatureWindows,
  familyWindows,
  hasNoFeatures,
} from './feature-windows.ts'
import {
  closeOutcomes,
  correctOutcomes,
  createOutcomeWindows,
  hasNoOutcomes,
  type OutcomeWindows,
  outcomeTrail,
  outcomeWindows,
} from './outcome-windows.ts'
import type { WindowPlan } from './window-plan.ts'

/** Panes kept whole while nobody knows yet what they are counted on; beyond, the oldest are dropped. */
const PARKED_MAX = 256

/**
 * What became of counts: `merged`; `misfit`, counted on other edges, for other classes or another task than
 * the version's reference; `over`, of a pane that every window has left behind.
 */
export type MergeFate = 'merged' | 'misfit' | 'over'

/** All windows of one version of one model, counted on one reference: plain data. */
export interface WindowStore {
  readonly paneMs: number
  /**
   * Start of the earliest pane whose events came before it closed, epoch ms; null before the first. Late
   * events and labels may belong to panes whose other events were counted on other edges.
   */
  firstStart: number | null
  /** Panes below this number have closed; null while none has. */
  end: number | null
  /** Panes that have not closed, by number. */
  readonly open: Map<number, PaneSketch>
  /** Before there is a plan: counts by pane, once for each shape in which they came. */
  parked: ParkedPane[]
  planned: PlannedWindows | null
}

interface ParkedPane {
  readonly pane: number
  readonly sketch: PaneSketch
  /** Whether events came before the pane closed. */
  inTime: boolean
}

interface PlannedWindows {
  readonly plan: WindowPlan
  /** The plan's, or more: a number of classes that no reference told is that of the first counts. */
  outline: PaneSketch
  readonly features: FeatureWindows
  readonly outcomes: OutcomeWindows
}

/** A window in event time: `fromMs` included, `toMs` excluded. */
export interface JudgedWindow {
  /** 0 for the base window, then one more at every doubling. */
  readonly level: number
  readonly fromMs: number
  readonly toMs: number
  /** Null where nothing came in it. Read only. */
  readonly sketch: PaneSketch | null
}

/** The windows of the features at `positions`, whose blocks have `shape`. */
export interface JudgedFeatures {
  readonly baseMs: number
  readonly positions: readonly number[]
  readonly shape: BlockShape
  readonly windows: readonly JudgedWindow[]
}

/** @param closedUntilMs end of the newest pane that stream time has closed; null before the first */
export function createWindowStore(paneMs: number, closedUntilMs: number | null): WindowStore {
  const end = closedUntilMs === null ? null : Math.round(closedUntilMs / paneMs)
  return { paneMs, firstStart: null, end, open: new Map(), parked: [], planned: null }
}

/** Adds counts to the pane that starts at `start`, epoch ms; the sketch stays the caller's. */
export function mergeCounts(store: WindowStore, start: number, sketch: PaneSketch): MergeFate {
  const pane = Math.floor(start / store.paneMs)
  const inTime = sketch.events > 0 && (store.end === null || pane >= store.end)
  const counts: ParkedPane = { pane, sketch, inTime }
  return store.planned === null ? park(store, counts) : settle(store, store.planned, counts)
}

/**
 * From now on the store knows what its panes are counted on and which windows to make of them. What came
 * before is taken in; the windows are the same as if the plan had been there first.
 * @returns starts of the panes whose counts did not fit, epoch ms
 */
export function planWindows(store: WindowStore, plan: WindowPlan): number[] {
  store.planned = plannedFrom(plan, store.end ?? 0)
  const misfits: number[] = []
  store.firstStart = null
  for (const counts of store.parked) {
    const fate = settle(store, store.planned, counts)
    if (fate === 'misfit') misfits.push(counts.pane * store.paneMs)
  }
  store.parked = []
  return misfits
}

/** From now on the panes that close are remembered for dating changes. */
export function beginTrail({ planned, end }: WindowStore, coarse: CoarseCells): void {
  if (planned === null || planned.features.trail !== null) return
  const rows = createChangeTrail(planned.plan.featureTrailPanes, end ?? 0)
  planned.features.trail = { coarse, rows }
}

/** Closes the pane that ends at `endMs`, and every one before it. */
export function closeUntil(store: WindowStore, endMs: number): void {
  const end = Math.round(endMs / store.paneMs)
  if (store.planned === null) {
    store.end = Math.max(end, store.end ?? end)
    return
  }
  if (store.end === null) {
    // Until now everything was open: time begins here.
    store.end = Math.min(end, ...store.open.keys())
    store.planned = { ...plannedFrom(store.planned.plan, store.end), outline: store.planned.outline }
  }
  const { features, outcomes } = store.planned
  while (store.end < end) {
    const pane = store.open.get(store.end) ?? null
    store.open.delete(store.end)
    closeFeatures(features, pane)
    closeOutcomes(outcomes, pane)
    store.end++
  }
}

/** The pane that starts at `start` while it gathers: until it has closed whole, then its outcomes alone. */
export function gatheringPane(store: WindowStore, start: number): PaneSketch | null {
  const pane = Math.round(start / store.paneMs)
  return store.open.get(pane) ?? store.planned?.outcomes.waiting.get(pane) ?? null
}

/** The windows of all features, by the length of their base. */
export function judgedFeatures({ planned, paneMs }: WindowStore): JudgedFeatures[] {
  return (planned?.features.families ?? []).map((family) => ({
    baseMs: family.windows.basePanes * paneMs,
    positions: family.positions,
    shape: family.shape,
    windows: inTime(familyWindows(family), paneMs),
  }))
}

/** The windows of outcomes; a sketch's `events` are the predictions of the same panes. */
export function judgedOutcomes({ planned, paneMs }: WindowStore): JudgedWindow[] {
  return planned === null ? [] : inTime(outcomeWindows(planned.outcomes), paneMs)
}

/** Coarse counts of features of the panes from `fromMs` on, in time order; null before there is a trail. */
export function featureTrailFrom(
  { planned, paneMs }: WindowStore,
  fromMs: number,
): { coarse: CoarseCells; rows: { start: number; counts: Float64Array }[] } | null {
  const trail = planned?.features.trail ?? null
  if (trail === null) return null
  const rows = trail.rows.rows.filter(({ from }) => from * paneMs >= fromMs)
  const length = trail.coarse.from.length
  return {
    coarse: trail.coarse,
    rows: rows.map(({ from, bytes }) => ({ start: from * paneMs, counts: unpackCoarse(bytes, length) })),
  }
}

/** Outcomes of the panes from `fromMs` on whose labels are complete, in time order. */
export function outcomeTrailFrom(
  { planned, paneMs }: WindowStore,
  fromMs: number,
): { start: number; counts: PerformanceCounts }[] {
  if (planned === null) return []
  const rows = outcomeTrail(planned.outcomes).filter(({ from }) => from * paneMs >= fromMs)
  return rows.map(({ from, counts }) => ({ start: from * paneMs, counts }))
}

/** Whether nothing is held: what came is over, and nothing new has come. */
export function isEmpty({ open, parked, planned }: WindowStore): boolean {
  if (open.size > 0 || parked.length > 0) return false
  return planned === null || (hasNoFeatures(planned.features) && hasNoOutcomes(planned.outcomes))
}

function plannedFrom(plan: WindowPlan, end: number): PlannedWindows {
  return {
    plan,
    outline: plan.outline,
    features: createFeatureWindows(plan, end),
    outcomes: createOutcomeWindows(plan, end),
  }
}

function settle(store: WindowStore, planned: PlannedWindows, counts: ParkedPane): MergeFate {
  const { pane, sketch, inTime } = counts
  if (!sketchesFit(planned.outline, sketch)) return 'misfit'
  planned.outline = outlineOf(planned.outline, sketch)
  if (inTime) noteStart(store, pane)
  if (store.end === null || pane >= store.end) {
    const open = store.open.get(pane)
    if (open === undefined) store.open.set(pane, clonePaneSketch(sketch))
    else mergePaneSketch(open, sketch)
    return 'merged'
  }
  const ofFeatures = correctFeatures(planned.features, pane, sketch)
  const ofOutcomes = correctOutcomes(planned.outcomes, pane, sketch)
  return ofFeatures || ofOutcomes ? 'merged' : 'over'
}

function noteStart(store: WindowStore, pane: number): void {
  const start = pane * store.paneMs
  store.firstStart = Math.min(start, store.firstStart ?? start)
}

function park(store: WindowStore, { pane, sketch, inTime }: ParkedPane): MergeFate {
  if (inTime) noteStart(store, pane)
  const known = store.parked.find((one) => one.pane === pane && sketchesFit(one.sketch, sketch))
  if (known === undefined) store.parked.push({ pane, sketch: clonePaneSketch(sketch), inTime })
  else {
    mergePaneSketch(known.sketch, sketch)
    known.inTime ||= inTime
  }
  if (store.parked.length <= PARKED_MAX) return 'merged'
  let oldest = 0
  store.parked.forEach((one, at) => {
    if (one.pane < store.parked[oldest]!.pane) oldest = at
  })
  store.parked.splice(oldest, 1)
  return 'over'
}

function inTime(windows: readonly NumberedWindow[], paneMs: number): JudgedWindow[] {
  return windows.map(({ from, to, sketch }, level) => {
    return { level, fromMs: from * paneMs, toMs: to * paneMs, sketch }
  })
}
