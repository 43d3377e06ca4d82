import { BINS_MAX, createGridCutter } from './grid-cutter.ts'
import type { NumericGrid } from './types.ts'

/**
 * Cuts a sample into at most `binsMax` bins; see `grid-cutter.ts` for where the cuts fall.
 * NaN and infinities are ignored; without a finite value there are no edges and one bin.
 */
export function cutGrid(sample: Iterable<number>, binsMax = BINS_MAX): NumericGrid {
  const cutter = createGridCutter(binsMax)
  for (const x of sample) cutter.add(x)
  return cutter.finish()
}

/**
 * The bin of a finite value: the number of edges at or below it.
 * `edges` is strictly increasing; NaN falls into the last bin, so callers keep it out.
 */
export function binOf(edges: Float64Array, x: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (x < edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}
