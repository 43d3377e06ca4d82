import { shapeCells } from './block-shape.ts'
import { mergePaneSketch } from './pane-sketch.ts'
import { createPerformanceCounts, mergePerformanceCounts } from './performance-counts.ts'
import { REFERENCE_PANES_MAX } from './reference-panes.ts'
import type { BlockShape, PaneSketch, PerformanceCounts, Task } from './types.ts'

/** Cells of all windows together: 64 MiB. Of wide models fewer windows are kept. */
const WINDOWED_CELLS_MAX = 2 ** 24

/**
 * Counts of a stretch of time in its base windows, while a reference is counted. Plain data: whole numbers,
 * so that neither the order of rows nor their way here shows in what follows from them.
 */
export interface WindowedCounts {
  readonly windowMs: number
  readonly task: Task
  readonly windowsMax: number
  /** By start of the window, epoch ms. */
  readonly windows: Map<number, PaneSketch>
  /** Starts of windows of which a part was not counted. */
  readonly broken: Set<number>
}

/** A stretch of event time, epoch ms, whose rows are all counted. */
export interface Covered {
  readonly fromMs: number
  readonly toMs: number
}

/** @param windowMs above 0 */
export function createWindowedCounts(windowMs: number, task: Task, shape: BlockShape): WindowedCounts {
  return { windowMs, task, windowsMax: windowsMaxOf(shape), windows: new Map(), broken: new Set() }
}

/** How many windows of such a shape fit into memory, 1 to 256. */
export function windowsMaxOf(shape: BlockShape): number {
  const fitting = Math.floor(WINDOWED_CELLS_MAX / Math.max(1, shapeCells(shape)))
  return Math.max(1, Math.min(REFERENCE_PANES_MAX, fitting))
}

/** The start of the window that holds `at`; windows are aligned to the epoch. */
export function windowStart(at: number, windowMs: number): number {
  return Math.floor(at / windowMs) * windowMs + 0
}

/** The counts of the window that holds `at`, made at first sight. Where that is one too many the oldest goes. */
export function windowAt(counts: WindowedCounts, at: number): PaneSketch {
  const { windows, windowMs, windowsMax, task } = counts
  const start = windowStart(at, windowMs)
  let window = windows.get(start)
  if (window !== undefined) return window
  window = { events: 0, unknownFeatures: 0, block: null, performance: createPerformanceCounts(task) }
  windows.set(start, window)
  if (windows.size > windowsMax) {
    let oldest = start
    for (const other of windows.keys()) oldest = Math.min(oldest, other)
    windows.delete(oldest)
  }
  return window
}

/** Adds a pane's counts to its window; the pane stays the caller's. */
export function addPane(counts: WindowedCounts, paneStart: number, pane: PaneSketch): void {
  mergePaneSketch(windowAt(counts, paneStart), pane)
}

/** Adds outcomes to the window of their pane, where that is still kept. */
export function addPaneOutcomes(
  counts: WindowedCounts,
  paneStart: number,
  outcomes: PerformanceCounts,
): void {
  const window = counts.windows.get(windowStart(paneStart, counts.windowMs))
  if (window !== undefined) mergePerformanceCounts(window.performance, outcomes)
}

/** A part of the window that holds `at` is not counted: it will not be whole. */
export function breakWindow(counts: WindowedCounts, at: number): void {
  counts.broken.add(windowStart(at, counts.windowMs))
}

/** Starts of the windows that lie in the covered stretch whole and hold rows, rising. */
export function wholeWindows(counts: WindowedCounts, { fromMs, toMs }: Covered): number[] {
  const { windows, broken, windowMs } = counts
  return [...windows.keys()]
    .filter((start) => isWhole(start, windowMs, { fromMs, toMs }) && !broken.has(start))
    .filter((start) => windows.get(start)!.events > 0)
    .sort((a, b) => a - b)
}

export function isWhole(start: number, windowMs: number, { fromMs, toMs }: Covered): boolean {
  return start >= fromMs && start + windowMs <= toMs
}
