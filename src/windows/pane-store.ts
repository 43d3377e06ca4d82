import { clonePaneSketch, mergePaneSketch, outlineOf, sketchesFit } from '../sketches/pane-sketch.ts'
import type { PaneSketch } from '../sketches/types.ts'
import { RunningSum } from './running-sum.ts'

/** A model has a handful of windows; sums nobody asked for any more are dropped beyond so many. */
const RUNNING_SUMS_MAX = 8

/** One pane as the store holds it. Read only: the store goes on merging into it. */
export interface StoredPane {
  readonly start: number
  readonly sketch: PaneSketch
}

/**
 * The panes of one version of one model, all counted on the same reference, and the sums of its windows.
 *
 * A window that moves on by a pane costs one pane added and one taken out, not all of them again; a late
 * correction goes into its pane and into every running sum that holds it.
 */
export class PaneStore {
  readonly #panes = new Map<number, PaneSketch>()
  /** Starts of the panes, rising. */
  #starts: number[] = []
  /** The most recently used last. */
  #sums: RunningSum[] = []
  #firstStart: number | null = null
  /** What the panes are counted on. */
  #outline: PaneSketch | null = null

  /** Start of the earliest pane ever merged, evicted or not; null before the first. */
  get firstStart(): number | null {
    return this.#firstStart
  }

  /**
   * Adds counts to the pane that starts at `start`; the sketch stays the caller's. False, with nothing
   * merged, where it was counted on other edges than the panes held here.
   */
  merge(start: number, sketch: PaneSketch): boolean {
    if (this.#outline !== null && !sketchesFit(this.#outline, sketch)) return false
    this.#outline = outlineOf(this.#outline, sketch)
    const pane = this.#panes.get(start)
    if (pane !== undefined) mergePaneSketch(pane, sketch)
    else {
      this.#panes.set(start, clonePaneSketch(sketch))
      this.#starts.splice(this.#indexOf(start), 0, start)
      this.#firstStart = Math.min(start, this.#firstStart ?? start)
    }
    for (const sum of this.#sums) if (sum.holds(start)) sum.add(sketch)
    return true
  }

  /**
   * The sum of the panes that start in [fromMs, toMs); null where there is none. Read only: asking again
   * gives the same object until one of the panes changes, and then a new one.
   */
  sum(fromMs: number, toMs: number): PaneSketch | null {
    const panes = this.panes(fromMs, toMs).map(({ sketch }) => sketch)
    const first = panes[0]
    if (first === undefined) return null
    let sum = this.#nearestSum(fromMs, toMs)
    if (sum === undefined) {
      sum = new RunningSum(fromMs, toMs, clonePaneSketch(first))
      for (const pane of panes.slice(1)) sum.add(pane)
    } else {
      this.#sums.splice(this.#sums.indexOf(sum), 1)
      if (sum.fromMs !== fromMs) sum = this.#moved(sum, fromMs, toMs)
    }
    this.#sums.push(sum)
    if (this.#sums.length > RUNNING_SUMS_MAX) this.#sums.shift()
    return sum.whole(panes)
  }

  /** The panes that start in [fromMs, toMs), rising. */
  panes(fromMs: number, toMs: number): StoredPane[] {
    const starts = this.#starts.slice(this.#indexOf(fromMs), this.#indexOf(toMs))
    return starts.map((start) => ({ start, sketch: this.#panes.get(start)! }))
  }

  /** Forgets the panes that start before `ms`. */
  evictBefore(ms: number): void {
    const evicted = this.#starts.splice(0, this.#indexOf(ms))
    for (const start of evicted) {
      const pane = this.#panes.get(start)!
      this.#panes.delete(start)
      for (const sum of this.#sums) if (sum.holds(start)) sum.subtract(pane)
    }
    // The next pane may be counted on other edges: nothing of the old ones may be left to add it to.
    if (this.#starts.length > 0) return
    this.#sums = []
    this.#outline = null
  }

  /** The running sum of the same length from which [fromMs, toMs) is the shortest way forward. */
  #nearestSum(fromMs: number, toMs: number): RunningSum | undefined {
    let nearest: RunningSum | undefined
    for (const sum of this.#sums) {
      const reaches = sum.fromMs <= fromMs && fromMs < sum.toMs && sum.toMs - sum.fromMs === toMs - fromMs
      if (reaches && (nearest === undefined || nearest.fromMs < sum.fromMs)) nearest = sum
    }
    return nearest
  }

  #moved(sum: RunningSum, fromMs: number, toMs: number): RunningSum {
    const moved = sum.movedTo(fromMs, toMs)
    for (const { sketch } of this.panes(sum.fromMs, fromMs)) moved.subtract(sketch)
    for (const { sketch } of this.panes(sum.toMs, toMs)) moved.add(sketch)
    return moved
  }

  /** How many panes start before `ms`. */
  #indexOf(ms: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! < ms) low = middle + 1
      else high = middle
    }
    return low
  }
}
