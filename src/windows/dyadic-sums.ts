import { clonePaneSketch, mergePaneSketch, sumPaneSketches } from '../sketches/pane-sketch.ts'
import type { PaneSketch } from '../sketches/types.ts'

/**
 * Sums of 1, 2, 4, … base windows, one sketch a level: plain data.
 *
 * Bases are numbered from the epoch. With bases counted up to number `end`, `end` excluded, level l holds
 * the newest complete stretch aligned to its own length: the 2^l bases (k - 1) 2^l to k 2^l - 1, where
 * k = floor(end / 2^l). What has filled since is no sum of its own: it is the sum of complete stretches of
 * lower levels, one for each binary digit 1 of `end` below l.
 */
export interface DyadicSums {
  readonly levels: (PaneSketch | null)[]
  end: number
}

/** A run of numbered panes or bases, `from` included, `to` excluded; `sketch` null where nothing came. */
export interface NumberedWindow {
  readonly from: number
  readonly to: number
  /** Read only: later counts are merged into it. */
  readonly sketch: PaneSketch | null
}

/** Sums of nothing before the base numbered `end`. */
export function createDyadicSums(levels: number, end: number): DyadicSums {
  return { levels: Array.from({ length: levels }, () => null), end }
}

/**
 * Counts the base numbered `end`; `base` becomes the sums' own. A carry of binary counting: two additions a
 * base on average, whatever the number of levels.
 */
export function pushBase(sums: DyadicSums, base: PaneSketch | null): void {
  const { levels } = sums
  standing.delete(sums)
  sums.end++
  let carried = base
  for (let level = 0; level < levels.length; level++) {
    const before = levels[level] ?? null
    levels[level] = carried
    // An even count of stretches of this length: the two newest make one of the next.
    if (sums.end % 2 ** (level + 1) !== 0 || level + 1 === levels.length) return
    carried = sumInto(before, carried)
  }
}

/** Adds late counts to every complete stretch that holds the base; false where all of them are over. */
export function correctBase(sums: DyadicSums, base: number, sketch: PaneSketch): boolean {
  let reached = false
  sums.levels.forEach((held, level) => {
    const length = 2 ** level
    if (Math.floor(sums.end / length) - Math.floor(base / length) !== 1) return
    sums.levels[level] = sumInto(held, sketch)
    reached = true
  })
  if (reached) standing.delete(sums)
  return reached
}

/** The windows of sums that have not moved, nor been corrected, since they were last asked for. */
const standing = new WeakMap<DyadicSums, readonly NumberedWindow[]>()

/**
 * The windows that end at `end`, by level: the newest complete stretch of 2^l bases and what has filled
 * since, so 2^l to 2^(l + 1) - 1 bases. Level 0 is the newest base. They are added up anew only where
 * something has come since they were: where a base is a day of hours, once a day.
 */
export function dyadicWindows(sums: DyadicSums): readonly NumberedWindow[] {
  let windows = standing.get(sums)
  if (windows === undefined) {
    windows = summedWindows(sums)
    standing.set(sums, windows)
  }
  return windows
}

function summedWindows({ levels, end }: DyadicSums): NumberedWindow[] {
  let filled: PaneSketch | null = null
  return levels.map((complete, level) => {
    const length = 2 ** level
    const count = Math.floor(end / length)
    const sketch = filled === null ? complete : complete === null ? filled : sumPaneSketches(complete, filled)
    if (count % 2 !== 0) filled = sketch
    return { from: (count - 1) * length, to: end, sketch }
  })
}

/** The sum of two sketches, in the first of them where there is one; never the second itself. */
function sumInto(into: PaneSketch | null, sketch: PaneSketch | null): PaneSketch | null {
  if (into === null) return sketch === null ? null : clonePaneSketch(sketch)
  if (sketch !== null) mergePaneSketch(into, sketch)
  return into
}
