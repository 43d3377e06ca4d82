import { describeAnew, subtractFeatureBlock } from '../sketches/feature-block.ts'
import { clonePaneSketch, mergePaneSketch } from '../sketches/pane-sketch.ts'
import { subtractPerformanceCounts } from '../sketches/performance-counts.ts'
import type { PaneSketch } from '../sketches/types.ts'
import { type PackedPane, packPane, unpackPane } from './packed-pane.ts'

/**
 * The newest `length` panes and their sum: plain data. A window that moves on costs one pane added and one
 * taken out, not all of them again; a late correction goes into its pane and into the sum.
 */
export interface SlidingWindow {
  readonly length: number
  /** Panes below this number have closed. */
  end: number
  /** The panes by number, those with anything in them. */
  readonly panes: Map<number, PackedPane>
  /** Exact in its whole numbers; its minima, maxima and samples mean nothing. */
  counts: PaneSketch | null
}

/** A window of nothing before the pane numbered `end`. */
export function createSlidingWindow(length: number, end: number): SlidingWindow {
  return { length, end, panes: new Map(), counts: null }
}

/** Moves on by the pane numbered `end`; the sketch stays the caller's. */
export function slide(window: SlidingWindow, pane: PaneSketch | null): void {
  const entering = window.end++
  if (pane !== null) add(window, entering, pane)
  const leaving = entering - window.length
  const packed = window.panes.get(leaving)
  if (packed === undefined || window.counts === null) return
  window.panes.delete(leaving)
  subtract(window.counts, unpackPane(packed))
  // Arrays of zeros are not the same as none, and the next pane may be the first of its kind.
  if (window.panes.size === 0) window.counts = null
}

/** Adds late counts to a pane of the window; false where the pane has left it. */
export function correctSliding(window: SlidingWindow, pane: number, sketch: PaneSketch): boolean {
  if (pane < window.end - window.length || pane >= window.end) return false
  add(window, pane, sketch)
  return true
}

/** The sum of the window's panes as a sketch of its own; null where nothing came in them. */
export function slidingSum({ counts, panes }: SlidingWindow): PaneSketch | null {
  if (counts === null) return null
  const sum = clonePaneSketch(counts)
  const described = [...panes.values()].flatMap((pane) => pane.described ?? [])
  if (described.length === 0) sum.block = null
  if (sum.block !== null) describeAnew(sum.block, described)
  return sum
}

function add(window: SlidingWindow, number: number, sketch: PaneSketch): void {
  const known = window.panes.get(number)
  if (known === undefined) window.panes.set(number, packPane(sketch))
  else {
    const pane = unpackPane(known)
    mergePaneSketch(pane, sketch)
    window.panes.set(number, packPane(pane))
  }
  if (window.counts === null) window.counts = clonePaneSketch(sketch)
  else mergePaneSketch(window.counts, sketch)
}

function subtract(into: PaneSketch, from: PaneSketch): void {
  into.events -= from.events
  into.unknownFeatures -= from.unknownFeatures
  if (into.block !== null && from.block !== null) subtractFeatureBlock(into.block, from.block)
  subtractPerformanceCounts(into.performance, from.performance)
}
