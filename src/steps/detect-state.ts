import { type EpisodeState, initialEpisodes } from '../detectors/episodes.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import type { DriftEvent } from '../events/drift-event.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding, Verdict } from '../events/finding.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import type { StreamHealthEvent } from '../events/stream-health-event.ts'
import { gridIdOf } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'
import { initialTriggerState, type TriggerState } from '../triggers/state.ts'
import { createOffsetLedger, type OffsetLedger } from '../windows/offset-ledger.ts'
import { initialWatermark, type WatermarkState } from '../windows/watermark.ts'
import type { MergeFate, WindowStore } from '../windows/window-store.ts'
import type { Comparing } from './comparing.ts'
import { type ContiguityState, createContiguity, type Gap } from './contiguity.ts'
import type { KeptLooks } from './kept-looks.ts'
import type { ModelOptions, StreamOptions } from './options.ts'
import type { OutcomeWatch } from './outcome-watch.ts'
import { createStreamHealth, type StreamHealthState } from './stream-health.ts'
import type { VersionLearning } from './version-learning.ts'

export interface DetectContext {
  readonly stream: StreamOptions
  readonly models: ReadonlyMap<string, ModelOptions>
  /** Observer tasks there are: the partition count of the features topic. Time waits for the first word of each. */
  readonly taskCount: number
  /** Who decides at the end of each pane; absent: the policy of each model. */
  readonly decide?: DecideAtPane
}

/** What is to be asked for when all models have been judged at the pane that ends at `end`. */
export type DecideAtPane = (
  state: DetectState,
  findings: ReadonlyMap<ModelState, readonly Finding[]>,
  end: number,
) => readonly RetrainRequest[]

/** Windows of one version, counted on the edges of one reference. */
export interface VersionWindows {
  readonly version: string
  readonly gridId: string
  readonly store: WindowStore
}

/**
 * Why counts are dropped: `misfit`, counted on other edges, for other classes or another task than the
 * reference they name; `over`, so late that every window has left their pane behind.
 */
export type DropReason = Exclude<MergeFate, 'merged'>

/** A pane of a delta that was dropped; the delta's other panes were not. */
export interface DroppedPane {
  readonly model: string
  readonly version: string
  readonly paneStart: number
  readonly reason: DropReason
}

/** What the detector remembers of one model. */
export interface ModelState {
  readonly options: ModelOptions
  /** The version that serves; only its windows are judged. */
  champion: string
  readonly references: Map<string, Reference>
  /** Windows by version and the reference they are counted on; see `countedKey`. */
  readonly windows: Map<string, VersionWindows>
  /** Start of the earliest pane of any version, and of the latest; null before the first. */
  firstStart: number | null
  lastStart: number | null
  /** Deltas' panes that could not be taken in, since the state began. */
  readonly dropped: Record<DropReason, number>
  episodes: EpisodeState
  /** Outcomes of the champion, from pane to pane; null before there is a reference with outcomes. */
  watch: OutcomeWatch | null
  /** What the champion's windows showed when they last moved; null before any was judged. */
  looks: KeptLooks | null
  trigger: TriggerState
  /** The candidate on its way, or the promotion that is watched; null where there is none. */
  comparing: Comparing | null
  /** Labelled predictions of all versions by pane: how much a training range would hold. */
  readonly labelled: Map<number, number>
  /** All of them since the state began: what is forgotten by pane still counts here. */
  labelledTotal: number
  /** Versions that learn their reference from the stream. */
  readonly learning: Map<string, VersionLearning>
  /** Panes in which the pipe was broken, as ranges in time order: outcomes there blame nobody else, and nobody learns from them. */
  broken: TimeRange[]
}

/** All that one detector task keeps: a function of the records it has read, in their order. */
export interface DetectState {
  readonly models: Map<string, ModelState>
  readonly contiguity: ContiguityState
  readonly ledger: OffsetLedger
  readonly health: StreamHealthState
  watermark: WatermarkState
  /** End of the newest judged pane; null before the first. */
  closedUntil: number | null
}

/** How much was looked at when one pane of one model closed, and what it showed. */
export interface JudgedPane {
  readonly model: string
  /** Tests taken, of every window that was looked at. */
  readonly tests: number
  /** Looks at windows longer than a base, which are taken when they have moved. */
  readonly longerLooks: number
  /** Findings by verdict, those of windows that stand still included. */
  readonly verdicts: ReadonlyMap<Verdict, number>
}

export interface DetectOutput {
  readonly drift: readonly DriftEvent[]
  readonly requests: readonly RetrainRequest[]
  /** Learned from the stream: cut, then counted. */
  readonly references: readonly Reference[]
  /** How candidates on their way fare. */
  readonly comparisons: readonly ComparisonEvent[]
  readonly gaps: readonly Gap[]
  /** The delta was merged before and has been dropped. */
  readonly overlap: boolean
  readonly dropped: readonly DroppedPane[]
  /** Panes that were closed. */
  readonly panes: number
  /** What judging a model at one of them came to; one for each model with something to judge. */
  readonly judged: readonly JudgedPane[]
  /** How the stream fared while panes were closed; null where none was. */
  readonly health: StreamHealthEvent | null
}

export const NOTHING: DetectOutput = {
  drift: [],
  requests: [],
  references: [],
  comparisons: [],
  gaps: [],
  overlap: false,
  dropped: [],
  panes: 0,
  judged: [],
  health: null,
}

export function createDetectState(): DetectState {
  return {
    models: new Map(),
    contiguity: createContiguity(),
    ledger: createOffsetLedger(),
    health: createStreamHealth(),
    watermark: initialWatermark(),
    closedUntil: null,
  }
}

/** The state of a configured model, made at first sight; null for a model that is not configured. */
export function modelStateOf(state: DetectState, name: string, context: DetectContext): ModelState | null {
  const known = state.models.get(name)
  if (known !== undefined) return known
  const options = context.models.get(name)
  if (options === undefined) return null
  const model: ModelState = {
    options,
    champion: options.version,
    references: new Map(),
    windows: new Map(),
    firstStart: null,
    lastStart: null,
    dropped: { misfit: 0, over: 0 },
    episodes: initialEpisodes(name, options.version),
    watch: null,
    looks: null,
    trigger: initialTriggerState(),
    comparing: null,
    labelled: new Map(),
    labelledTotal: 0,
    learning: new Map(),
    broken: [],
  }
  state.models.set(name, model)
  return model
}

export function countedKey(version: string, gridId: string): string {
  return `${version}\n${gridId}`
}

/** Windows of a version on the edges of its reference; null before there is either. */
export function storeOf({ references, windows }: ModelState, version: string): WindowStore | null {
  const reference = references.get(version)
  if (reference === undefined) return null
  return windows.get(countedKey(version, gridIdOf(reference)))?.store ?? null
}

/** Counts a dropped pane and says so. */
export function drop(model: ModelState, version: string, paneStart: number, reason: DropReason): DroppedPane {
  model.dropped[reason]++
  return { model: model.options.name, version, paneStart, reason }
}
