import { isAtomBin } from '../sketches/atom-bin.ts'
import { binOf } from '../sketches/numeric-grid.ts'
import type { NumericCounts, NumericGrid } from '../sketches/types.ts'

/** The distribution behind counts on a grid: exact at the edges, linear in between. */
export interface GridDistribution {
  /** Finite values. */
  readonly n: number
  /** The value below which a share `probability` lies; NaN without values. */
  quantile(probability: number): number
  /** The share of values below x; NaN without values. */
  shareBelow(x: number): number
}

/** The outer bins reach to the least and the greatest value counted; an atom's bin is its value. */
export function gridDistribution(grid: NumericGrid, counts: NumericCounts): GridDistribution {
  const { edges } = grid
  const { bins, min, max } = counts
  const below = new Float64Array(bins.length + 1)
  for (let bin = 0; bin < bins.length; bin++) below[bin + 1] = below[bin]! + bins[bin]!
  const n = below[bins.length]!
  const lowEnd = (bin: number): number => Math.max(min, bin === 0 ? min : edges[bin - 1]!)
  const highEnd = (bin: number): number => Math.min(max, bin === bins.length - 1 ? max : edges[bin]!)

  return {
    n,
    quantile(probability) {
      if (n === 0) return Number.NaN
      const rank = probability * n
      let bin = 0
      while (bin < bins.length - 1 && below[bin + 1]! < rank) bin++
      if (isAtom(grid, bin)) return edges[bin - 1]!
      const share = bins[bin]! === 0 ? 0 : (rank - below[bin]!) / bins[bin]!
      return lowEnd(bin) + Math.min(1, Math.max(0, share)) * (highEnd(bin) - lowEnd(bin))
    },
    shareBelow(x) {
      if (n === 0) return Number.NaN
      if (x <= min) return 0
      if (x > max) return 1
      const bin = binOf(edges, x)
      const width = highEnd(bin) - lowEnd(bin)
      const share = width > 0 ? Math.min(1, Math.max(0, (x - lowEnd(bin)) / width)) : 0
      return (below[bin]! + share * bins[bin]!) / n
    },
  }
}

/** Whether a bin holds one single double: its edges are neighbours. */
export function isAtom(grid: NumericGrid, bin: number): boolean {
  return isAtomBin(grid.edges, bin)
}
