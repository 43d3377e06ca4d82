import type { PaneSketch, Reference } from '../../src/sketches/types.ts'
import { planOf } from '../../src/steps/plan-windows.ts'
import {
  closeUntil,
  createWindowStore,
  judgedFeatures,
  mergeCounts,
  planWindows,
  type WindowStore,
} from '../../src/windows/window-store.ts'

/** What the detector keeps of one model: its reference, and all windows with the trail behind them. */
export interface ModelMemory {
  readonly reference: Reference
  readonly store: WindowStore
}

export interface MemoryShape {
  /** Panes of the base window, and of the longest. */
  readonly basePanes: number
  readonly longestPanes: number
}

/**
 * A model at work, as the detector's own code makes it: twice as many panes as its longest window has have
 * come and closed. `paneAt` may hand out the same sketch again: the store keeps what it needs of it.
 */
export function fillModel(
  reference: Reference,
  paneAt: (index: number) => PaneSketch,
  { basePanes, longestPanes }: MemoryShape,
): ModelMemory {
  const windows = {
    qualityMs: 1,
    dataMs: basePanes,
    performanceMs: basePanes,
    longestMs: longestPanes,
    labelDelayMs: 0,
  }
  const store = createWindowStore(1, 0)
  planWindows(store, planOf({ features: new Map(), windows }, reference, 1))
  for (let start = 0; start < 4 * longestPanes - basePanes; start++) {
    if (mergeCounts(store, start, paneAt(start)) !== 'merged') throw new Error('expected counts that fit')
    closeUntil(store, start + 1)
  }
  return { reference, store }
}

/** Predictions in the longest window. */
export function eventsHeld({ store }: ModelMemory): number {
  const longest = judgedFeatures(store).flatMap(({ windows }) => windows.at(-1) ?? [])
  return Math.max(...longest.map(({ sketch }) => sketch?.events ?? 0))
}
