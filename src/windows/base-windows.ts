import { clonePaneSketch } from '../sketches/pane-sketch.ts'
import type { PaneSketch } from '../sketches/types.ts'
import {
  correctBase,
  createDyadicSums,
  type DyadicSums,
  dyadicWindows,
  type NumberedWindow,
  pushBase,
} from './dyadic-sums.ts'
import {
  correctSliding,
  createSlidingWindow,
  type SlidingWindow,
  slide,
  slidingFrom,
  slidingSum,
} from './sliding-window.ts'

/** How long the base window is, and how many lengths are judged: base, 2 bases, 4 … 2^(levels - 1). */
export interface BaseWindowsShape {
  readonly basePanes: number
  readonly levels: number
}

/**
 * A base window and the longer ones made of whole bases: plain data.
 *
 * The base window ends at the newest closed pane. Where it is one pane long, so do the longer ones. Where
 * it is a cycle of several (a day of hours) the longer ones end with the newest base that is over, at a
 * multiple of its length from the epoch: part of a day has hours that the others have not. The panes of one
 * base are then kept, packed; of all that lies before, one sketch a level.
 */
export interface BaseWindows extends BaseWindowsShape {
  /** Null where a base is one pane. */
  readonly sliding: SlidingWindow | null
  readonly sums: DyadicSums
  /** Panes below this number have closed. */
  end: number
}

/** Windows of nothing before the pane numbered `end`. */
export function createBaseWindows({ basePanes, levels }: BaseWindowsShape, end: number): BaseWindows {
  return {
    basePanes,
    levels,
    sliding: basePanes === 1 ? null : createSlidingWindow(basePanes, end),
    sums: createDyadicSums(levels, Math.floor(end / basePanes)),
    end,
  }
}

/** Closes the pane numbered `end`, `pane` being what it held; the sketch stays the caller's. */
export function closePane(windows: BaseWindows, pane: PaneSketch | null): void {
  windows.end++
  if (windows.sliding === null) {
    pushBase(windows.sums, pane === null ? null : clonePaneSketch(pane))
    return
  }
  slide(windows.sliding, pane)
  const isBaseOver = windows.end % windows.basePanes === 0
  if (isBaseOver && windows.levels > 1) pushBase(windows.sums, slidingSum(windows.sliding))
}

/** Adds late counts of a closed pane to every window that holds it; false where all of them are over. */
export function correctPane(windows: BaseWindows, pane: number, sketch: PaneSketch): boolean {
  const { sliding, sums, basePanes, levels } = windows
  const slid = sliding !== null && correctSliding(sliding, pane, sketch)
  const isSummed = sliding === null || levels > 1
  return (isSummed && correctBase(sums, Math.floor(pane / basePanes), sketch)) || slid
}

/** The windows by level, in numbers of panes. Their sketches are read only. */
export function windowsByLevel({ sliding, sums, basePanes, end }: BaseWindows): NumberedWindow[] {
  return dyadicWindows(sums).map(({ from, to, sketch }, level) =>
    sliding !== null && level === 0
      ? { from: slidingFrom(sliding), to: end, sketch: slidingSum(sliding) }
      : { from: from * basePanes, to: to * basePanes, sketch },
  )
}

/** Panes back from `end` that the longest window can reach. */
export function reachPanes({ basePanes, levels }: BaseWindowsShape): number {
  return levels === 1 ? basePanes : basePanes * 2 ** levels
}

/** Whether nothing is held. */
export function areEmpty({ sliding, sums }: BaseWindows): boolean {
  return (sliding === null || sliding.counts === null) && sums.levels.every((level) => level === null)
}
