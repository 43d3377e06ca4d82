import { ByteReader } from '../sketches/byte-reader.ts'
import { ByteWriter } from '../sketches/byte-writer.ts'
import { readOutcomes, writeOutcomes } from '../sketches/outcome-codec.ts'
import { clonePaneSketch, mergePaneSketch } from '../sketches/pane-sketch.ts'
import { mergePerformanceCounts } from '../sketches/performance-counts.ts'
import type { PaneSketch, PerformanceCounts } from '../sketches/types.ts'
import {
  areEmpty,
  type BaseWindows,
  closePane,
  correctPane,
  createBaseWindows,
  windowsByLevel,
} from './base-windows.ts'
import { type ChangeTrail, correctTrail, createChangeTrail, extendTrail } from './change-trail.ts'
import type { NumberedWindow } from './dyadic-sums.ts'
import type { WindowPlan } from './window-plan.ts'

/**
 * The windows of a version's outcomes, and the trail of its panes: plain data. They end `delayPanes` before
 * the windows of features, when the labels of a pane count as complete; until then it waits here.
 */
export interface OutcomeWindows {
  readonly delayPanes: number
  /** Panes whose labels are still coming, by number: number of events, and outcomes. */
  readonly waiting: Map<number, PaneSketch>
  readonly windows: BaseWindows
  readonly trail: ChangeTrail
}

/** @param end number of the first pane that has not closed by stream time */
export function createOutcomeWindows(plan: WindowPlan, end: number): OutcomeWindows {
  const { outcomes, delayPanes, outcomeTrailPanes } = plan
  return {
    delayPanes,
    waiting: new Map(),
    windows: createBaseWindows(outcomes, end - delayPanes),
    trail: createChangeTrail(outcomeTrailPanes, end - delayPanes),
  }
}

/** The next pane has closed by stream time; with it the labels of the one `delayPanes` before are complete. */
export function closeOutcomes(of: OutcomeWindows, pane: PaneSketch | null): void {
  const { waiting, windows, trail } = of
  if (pane !== null) addWaiting(of, windows.end + of.delayPanes, outcomesOnly(pane))
  const complete = waiting.get(windows.end) ?? null
  waiting.delete(windows.end)
  closePane(windows, complete)
  extendTrail(trail, complete === null ? null : trailRow(complete), addPacked)
}

/** Adds late counts of a pane closed by stream time; false where every window that held it is over. */
export function correctOutcomes(of: OutcomeWindows, pane: number, sketch: PaneSketch): boolean {
  const late = outcomesOnly(sketch)
  if (pane >= of.windows.end) {
    addWaiting(of, pane, late)
    return true
  }
  const row = trailRow(late)
  if (row !== null) correctTrail(of.trail, pane, row, addPacked)
  return correctPane(of.windows, pane, late)
}

/** The windows of outcomes by level, in numbers of panes. */
export function outcomeWindows({ windows }: OutcomeWindows): NumberedWindow[] {
  return windowsByLevel(windows)
}

/** What the trail remembers: outcomes in time order, `from` the number of the first pane. */
export function outcomeTrail({ trail }: OutcomeWindows): { from: number; counts: PerformanceCounts }[] {
  return trail.rows.map(({ from, bytes }) => ({ from, counts: unpackOutcomes(bytes) }))
}

export function hasNoOutcomes({ waiting, windows, trail }: OutcomeWindows): boolean {
  return waiting.size === 0 && areEmpty(windows) && trail.rows.length === 0
}

function addWaiting({ waiting }: OutcomeWindows, pane: number, sketch: PaneSketch): void {
  const known = waiting.get(pane)
  if (known === undefined) waiting.set(pane, clonePaneSketch(sketch))
  else mergePaneSketch(known, sketch)
}

function outcomesOnly({ events, performance }: PaneSketch): PaneSketch {
  return { events, unknownFeatures: 0, block: null, performance }
}

/** Null where there is nothing that could be dated. */
function trailRow({ performance }: PaneSketch): Uint8Array | null {
  return performance.n === 0 && performance.scores.length === 0 ? null : packOutcomes(performance)
}

function packOutcomes(counts: PerformanceCounts): Uint8Array {
  const writer = new ByteWriter()
  writeOutcomes(writer, counts)
  return writer.finish()
}

function unpackOutcomes(bytes: Uint8Array): PerformanceCounts {
  return readOutcomes(new ByteReader(bytes), { left: Number.POSITIVE_INFINITY })
}

function addPacked(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sum = unpackOutcomes(a)
  mergePerformanceCounts(sum, unpackOutcomes(b))
  return packOutcomes(sum)
}
