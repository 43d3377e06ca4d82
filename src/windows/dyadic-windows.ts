import { clonePaneSketch, mergePaneSketch, outlineOf, sketchesFit } from '../sketches/pane-sketch.ts'
import type { PaneSketch } from '../sketches/types.ts'

/** One window: the panes from `fromMs` up to `toMs`; `sketch` is null where nothing came in them. */
export interface DyadicWindow {
  readonly fromMs: number
  readonly toMs: number
  readonly sketch: PaneSketch | null
}

/** The stretches of one length: the newest complete one, and the one being filled. */
interface Level {
  complete: PaneSketch | null
  filling: PaneSketch | null
}

/**
 * Windows of 1, 2, 4, … 2^(levels - 1) panes of one version of one model, in memory that grows with the
 * logarithm of the longest: two sketches a level, and the panes that have not closed yet.
 *
 * Panes are numbered from the epoch. With panes closed up to number b, b excluded, the window of level l
 * is the stretch of the 2^l panes (k - 1) 2^l to k 2^l - 1, where k = floor(b / 2^l): the newest stretch
 * aligned to its own length that has ended. So it ends b mod 2^l panes before b, on average half its length;
 * level 0 ends at b itself. A pane that closes is added once a level; a correction of a pane that has
 * closed goes, once a level, into the stretch that holds it, and is dropped only where all are over.
 */
export class DyadicWindows {
  readonly #paneMs: number
  readonly #levels: Level[]
  /** Panes not closed yet, by number. */
  readonly #open = new Map<number, PaneSketch>()
  /** What all sketches are counted on. */
  #outline: PaneSketch | null = null
  /** Panes below this number have closed. */
  #boundary: number

  /** No pane before the one that starts at `fromMs`, a pane's start, will be asked for. */
  constructor(paneMs: number, levels: number, fromMs: number) {
    this.#paneMs = paneMs
    this.#levels = Array.from({ length: levels }, () => ({ complete: null, filling: null }))
    this.#boundary = Math.round(fromMs / paneMs)
  }

  /**
   * Adds counts to the pane that starts at `start`; the sketch stays the caller's. False, with nothing
   * merged, where it was counted on other edges than what is held here.
   */
  merge(start: number, sketch: PaneSketch): boolean {
    if (this.#outline !== null && !sketchesFit(this.#outline, sketch)) return false
    this.#outline = outlineOf(this.#outline, sketch)
    const pane = Math.round(start / this.#paneMs)
    if (pane < this.#boundary) this.#add(pane, sketch)
    else {
      const open = this.#open.get(pane)
      if (open === undefined) this.#open.set(pane, clonePaneSketch(sketch))
      else mergePaneSketch(open, sketch)
    }
    return true
  }

  /** Closes every pane that ends at `endMs` or before; an `endMs` before the last one changes nothing. */
  advance(endMs: number): void {
    const end = Math.floor(endMs / this.#paneMs)
    const closing = [...this.#open.keys()].filter((pane) => pane < end).sort((a, b) => a - b)
    for (const pane of closing) {
      this.#moveTo(pane + 1)
      this.#add(pane, this.#open.get(pane)!)
      this.#open.delete(pane)
    }
    this.#moveTo(end)
  }

  /** The window of level l, 2^l panes long. Its sketch is read only: later panes are merged into it. */
  window(level: number): DyadicWindow {
    const length = 2 ** level
    const end = Math.floor(this.#boundary / length) * length
    const fromMs = (end - length) * this.#paneMs
    return { fromMs, toMs: end * this.#paneMs, sketch: this.#levels[level]?.complete ?? null }
  }

  /** Moves the boundary on: at each level what was being filled becomes complete, or is over, too. */
  #moveTo(boundary: number): void {
    if (boundary <= this.#boundary) return
    this.#levels.forEach((level, at) => {
      const passed = Math.floor(boundary / 2 ** at) - Math.floor(this.#boundary / 2 ** at)
      if (passed === 0) return
      level.complete = passed === 1 ? level.filling : null
      level.filling = null
    })
    this.#boundary = boundary
  }

  /** Adds a closed pane to the stretches that hold it. */
  #add(pane: number, sketch: PaneSketch): void {
    this.#levels.forEach((level, at) => {
      const behind = Math.floor(this.#boundary / 2 ** at) - Math.floor(pane / 2 ** at)
      if (behind === 1) level.complete = sum(level.complete, sketch)
      else if (behind === 0) level.filling = sum(level.filling, sketch)
    })
  }
}

function sum(into: PaneSketch | null, sketch: PaneSketch): PaneSketch {
  if (into === null) return clonePaneSketch(sketch)
  mergePaneSketch(into, sketch)
  return into
}
