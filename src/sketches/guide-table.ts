import { bitsCell, linearCell, orderedHighWord } from './guide-cells.ts'
import type { CellCounts } from './types.ts'

/** Guide cells per bin: more cells mean fewer steps and more memory traffic; four are as large as the edges. */
const CELLS_PER_BIN = 4
const CELLS_MIN = 16

/** Edges left out at either end of the mapped stretch: heavy tails would take most cells for few values. */
const TRIMS = [0, 8, 32] as const

/** Edges of its guide cell that a value is compared with in any case; see `count-column.ts`. */
const COMPARED_EDGES = 2

/** A map from a value to the bin at which the walk over the edges begins. */
export interface GuideTable {
  /** Cells by the value's high word; otherwise linear in the value. */
  readonly byBits: boolean
  /** The value, or the high word, at which cell 0 begins. */
  readonly origin: number
  /** Cells per unit of value, or the bits to shift a high word by. */
  readonly scale: number
  /** `starts[c]` edges lie in cells before c. */
  readonly starts: Uint16Array
}

/**
 * The guide table with the fewest expected steps on the reference, of maps linear in the value and in its
 * bits, over the whole range and without its tails. All of them are exact, because each map never falls:
 * an edge in an earlier cell is below the value, one in a later cell above. Without edges it has one cell.
 */
export function createGuideTable(edges: Float64Array, bins: CellCounts): GuideTable {
  const cells = Math.max(CELLS_MIN, 2 ** Math.ceil(Math.log2(CELLS_PER_BIN * bins.length)))
  let best: GuideTable = { byBits: false, origin: 0, scale: 0, starts: new Uint16Array(1) }
  let fewest = Number.POSITIVE_INFINITY
  for (const trim of TRIMS) {
    if (edges.length === 0 || (trim > 0 && edges.length < 4 * trim)) continue
    const [from, to] = [edges[trim]!, edges[edges.length - 1 - trim]!]
    for (const map of [linearMap(from, to, cells), bitsMap(from, to, cells)]) {
      if (map === null) continue
      const { starts, steps } = laidOut(edges, bins, cells, map.cellOf)
      if (steps >= fewest) continue
      fewest = steps
      best = { byBits: map.byBits, origin: map.origin, scale: map.scale, starts }
    }
  }
  return best
}

interface CellMap {
  readonly byBits: boolean
  readonly origin: number
  readonly scale: number
  cellOf(x: number): number
}

/** Null where the range overflows, or is so small that its inverse does. */
function linearMap(from: number, to: number, cells: number): CellMap | null {
  const scale = (cells - 1) / (to - from)
  if (!Number.isFinite(scale) || scale <= 0) return null
  return { byBits: false, origin: from, scale, cellOf: (x) => linearCell(x, from, scale, cells - 1) }
}

function bitsMap(from: number, to: number, cells: number): CellMap {
  const origin = orderedHighWord(from)
  const span = orderedHighWord(to) - origin
  let shift = 0
  while (span / 2 ** shift >= cells) shift++
  return { byBits: true, origin, scale: shift, cellOf: (x) => bitsCell(x, origin, shift, cells - 1) }
}

/** The table, and its mean steps beyond the edges compared with in any case, by the reference's counts. */
function laidOut(edges: Float64Array, bins: CellCounts, cells: number, cellOf: (x: number) => number) {
  const ends = new Uint16Array(cells + 1)
  const cellOfEdge = Uint16Array.from(edges, cellOf)
  for (const cell of cellOfEdge) ends[cell + 1]!++
  for (let cell = 0; cell < cells; cell++) ends[cell + 1]! += ends[cell]!
  const counted = bins.some((count) => count > 0)
  let steps = 0
  for (let bin = 1; bin < edges.length; bin++) {
    const [first, last] = [cellOfEdge[bin - 1]!, cellOfEdge[bin]!]
    const below = bin - ends[first]!
    // Edges without counts were cut to hold as much each. A bin over some cells has its steps in the first.
    if (below >= COMPARED_EDGES) steps += ((counted ? bins[bin]! : 1) * below) / (last - first + 1)
  }
  return { starts: ends.subarray(0, cells), steps }
}
