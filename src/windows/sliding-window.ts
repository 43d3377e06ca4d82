import { describeAnew, subtractFeatureBlock } from '../sketches/feature-block.ts'
import { clonePaneSketch, mergePaneSketch } from '../sketches/pane-sketch.ts'
import { subtractPerformanceCounts } from '../sketches/performance-counts.ts'
import type { PaneSketch } from '../sketches/types.ts'
import { type PackedPane, packPane, unpackPane } from './packed-pane.ts'

/** A day of hours is kept hour by hour, a week by four of them, a day of minutes by thirty. */
const SLOTS_MAX = 48

/**
 * The newest `length` panes and their sum: plain data. A window that moves on costs one pane added and one
 * slot taken out, not all of them again; a late correction goes into its slot and into the sum.
 *
 * A slot is a pane. Only of a window of more than `SLOTS_MAX` panes it is `step` of them, aligned to the
 * epoch: such a window ends with the newest pane, too, but begins up to a slot early.
 */
export interface SlidingWindow {
  readonly length: number
  /** Panes a slot; divides `length`. */
  readonly step: number
  /** Panes below this number have closed. */
  end: number
  /** The slots by number, those with anything in them. */
  readonly slots: Map<number, PackedPane>
  /** Exact in its whole numbers; its minima, maxima and samples mean nothing. */
  counts: PaneSketch | null
}

/** A window of nothing before the pane numbered `end`. */
export function createSlidingWindow(length: number, end: number): SlidingWindow {
  let step = 1
  while (length % step !== 0 || length / step > SLOTS_MAX) step++
  return { length, step, end, slots: new Map(), counts: null }
}

/** Moves on by the pane numbered `end`; the sketch stays the caller's. */
export function slide(window: SlidingWindow, pane: PaneSketch | null): void {
  const entering = window.end++
  if (pane !== null) add(window, entering, pane)
  const leaving = slidingFrom(window) / window.step - 1
  const packed = window.slots.get(leaving)
  if (packed === undefined || window.counts === null) return
  window.slots.delete(leaving)
  subtract(window.counts, unpackPane(packed))
  // Arrays of zeros are not the same as none, and the next pane may be the first of its kind.
  if (window.slots.size === 0) window.counts = null
}

/** Adds late counts to a pane of the window; false where the pane has left it. */
export function correctSliding(window: SlidingWindow, pane: number, sketch: PaneSketch): boolean {
  if (pane < slidingFrom(window) || pane >= window.end) return false
  add(window, pane, sketch)
  return true
}

/** Number of the first pane of the window. */
export function slidingFrom({ end, length, step }: SlidingWindow): number {
  return Math.floor((end - length) / step) * step
}

/** The sum of the window's panes as a sketch of its own; null where nothing came in them. */
export function slidingSum({ counts, slots }: SlidingWindow): PaneSketch | null {
  if (counts === null) return null
  const sum = clonePaneSketch(counts)
  const described = [...slots.values()].flatMap((slot) => slot.described ?? [])
  if (described.length === 0) sum.block = null
  if (sum.block !== null) describeAnew(sum.block, described)
  return sum
}

function add(window: SlidingWindow, pane: number, sketch: PaneSketch): void {
  const slot = Math.floor(pane / window.step)
  const known = window.slots.get(slot)
  if (known === undefined) window.slots.set(slot, packPane(sketch))
  else {
    const sum = unpackPane(known)
    mergePaneSketch(sum, sketch)
    window.slots.set(slot, packPane(sum))
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
