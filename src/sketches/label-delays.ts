import { cellTotal } from './cells.ts'
import type { CellCounts, PerformanceCounts } from './types.ts'

/**
 * Fixed cells for the time from a prediction to its label: one below 1.024 s, then 8 an octave up to 2^34 ms
 * (199 days), the last open. The same for every model, so delays merge without agreeing on anything first.
 *
 * Eight, since bounds of a delay are told by the edges of its cell: the ratio of two delays is then off by at
 * most 1.125² = 1.27, and a doubling is surely more than one and a half. Four an octave would take it for as
 * little as 1.28. A delta spells filled cells alone, so a finer grid costs memory, not bytes.
 */
const CELLS_PER_OCTAVE = 8
const LOWEST_OCTAVE = 10
const HIGHEST_OCTAVE = 34

export const DELAY_CELLS = 1 + CELLS_PER_OCTAVE * (HIGHEST_OCTAVE - LOWEST_OCTAVE)

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0

/** The cell of a delay in ms; a label whose time lies before its prediction's came at once. */
export function delayCell(delayMs: number): number {
  if (!(delayMs >= 2 ** LOWEST_OCTAVE)) return 0
  double[0] = delayMs
  // Exponent and the first three bits of the fraction: octave and cell within it, as they stand.
  const cell = 1 + (words[HIGH_WORD]! >>> 17) - CELLS_PER_OCTAVE * (1023 + LOWEST_OCTAVE)
  return cell < DELAY_CELLS ? cell : DELAY_CELLS - 1
}

/** The two ends of a cell, ms: `lower` included, `upper` excluded. The last one has none above. */
export function delayCellEnds(cell: number): { lower: number; upper: number } {
  return { lower: edgeBelow(cell), upper: cell + 1 < DELAY_CELLS ? edgeBelow(cell + 1) : Infinity }
}

function edgeBelow(cell: number): number {
  if (cell === 0) return 0
  const octave = Math.floor((cell - 1) / CELLS_PER_OCTAVE)
  const within = (cell - 1) % CELLS_PER_OCTAVE
  return 2 ** (LOWEST_OCTAVE + octave) * (1 + within / CELLS_PER_OCTAVE)
}

/** How many of the first cells lie below `horizonMs` whole: delays in them were over by then. */
export function delayCellsWithin(horizonMs: number): number {
  let cells = 0
  while (cells < DELAY_CELLS && delayCellEnds(cells).upper <= horizonMs) cells++
  return cells
}

/** Counts the delay of one label. */
export function addDelay(counts: PerformanceCounts, delayMs: number): void {
  if (counts.delays.length === 0) counts.delays = new Uint32Array(DELAY_CELLS)
  const cell = delayCell(delayMs)
  counts.delays[cell] = counts.delays[cell]! + 1
}

/**
 * The delays that were over by the end of the first `cells` cells, a view; null where the delay of some label
 * was not counted, as by an earlier version or of a file's rows: of a pane that was counted halfway only the
 * slow ones are known.
 */
export function delaysWithin({ delays, n }: PerformanceCounts, cells: number): Uint32Array | null {
  return cellTotal(delays) === n ? delays.subarray(0, cells) : null
}

/**
 * How many of the first cells hold a share of the labels as near to `share` as cells allow, with labels on
 * both sides; 0 where all lie in one cell, or there are none.
 */
export function delayCut(cells: CellCounts, share: number): number {
  const all = cellTotal(cells)
  let [cut, nearest, below] = [0, Number.POSITIVE_INFINITY, 0]
  for (let cell = 0; cell < cells.length; cell++) {
    below += cells[cell]!
    const distance = Math.abs(below - share * all)
    if (below === 0 || below === all || distance >= nearest) continue
    nearest = distance
    cut = cell + 1
  }
  return cut
}

/** Labels in the cells from `cut` on. */
export function labelsAfter(cells: CellCounts, cut: number): number {
  return cellTotal(cells.subarray(cut))
}
