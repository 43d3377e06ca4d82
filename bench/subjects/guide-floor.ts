import { createGuideTable } from '../../src/sketches/guide-table.ts'
import { addNumeric, createNumericCounts } from '../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../src/sketches/numeric-grid.ts'

/**
 * The least that finding a bin and counting in it takes: multiply, truncate, look a bin up, compare with one
 * edge, add one. It is no counter: a second edge in a cell, values outside the range, extremes, tails, NaN
 * and counts that overflow are left out.
 */
export class GuideFloor {
  readonly #origin: number
  readonly #scale: number
  readonly #starts: Uint16Array
  readonly #edges: Float64Array
  readonly #bins: Uint32Array

  constructor(sample: Float64Array) {
    const grid = cutGrid(sample)
    const counts = createNumericCounts(grid)
    for (const value of sample) addNumeric(grid, counts, value)
    const { origin, scale, starts, byBits } = createGuideTable(grid.edges, counts.bins)
    if (byBits) throw new Error('expected a sample with a guide linear in the value')
    this.#origin = origin
    this.#scale = scale
    this.#starts = starts
    this.#edges = Float64Array.of(...grid.edges, Number.NaN)
    this.#bins = new Uint32Array(grid.edges.length + 2)
  }

  clear(): void {
    this.#bins.fill(0)
  }

  countColumn(values: Float64Array): void {
    const [origin, scale, starts, edges, bins] = [
      this.#origin,
      this.#scale,
      this.#starts,
      this.#edges,
      this.#bins,
    ]
    const mask = starts.length - 1
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      const guess = starts[((value - origin) * scale) & mask]!
      const bin = guess + Number(value >= edges[guess]!)
      bins[bin] = (bins[bin]! + 1) | 0
    }
  }

  total(): number {
    return this.#bins.reduce((sum, count) => sum + count, 0)
  }
}
