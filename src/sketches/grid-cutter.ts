import { nextUp } from './next-up.ts'
import { createQuantileDigest } from './quantile-digest.ts'
import { visitScattered } from './scattered-order.ts'
import type { NumericGrid } from './types.ts'

/** Bins of a numeric feature: equal masses of 1/512 certify KS distances within 0.002. */
export const BINS_MAX = 512

/** Distinct values tallied exactly, per bin: enough that no value of a bin's mass is missed by chance. */
const TALLIED_PER_BIN = 16

/** Takes values one by one and says at the end where to cut. Memory is bounded, whatever comes. */
export interface GridCutter {
  /** NaN and infinities are ignored. */
  add(x: number): void
  /** Call it once: the cutter is spent. */
  finish(): NumericGrid
}

/**
 * Cuts a feature's bins, at most `binsMax` (16 and more make sense).
 *
 * Few distinct values (below `binsMax / 2`): every value has a bin of its own, between the edges v and
 * nextUp(v). Otherwise every value with more than the mass of two bins has one, and the rest of the mass is cut at
 * equidistant quantiles of a digest. Either way bin 0 and the last lie outside the range seen here.
 *
 * An exact tally stands in front of the digest: a digest that meets an atom early mixes it with its
 * neighbours for good. When the tally is full, the rare values move on into the digest.
 */
export function createGridCutter(binsMax = BINS_MAX): GridCutter {
  const tallyMax = TALLIED_PER_BIN * binsMax
  const tally = new Map<number, number>()
  const digest = createQuantileDigest()
  let total = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY

  /** Moves every value that occurred `countMax` times or less from the tally into the digest. */
  function spill(countMax: number): void {
    visitScattered([...tally], ([x, count]) => {
      if (count > countMax) return
      tally.delete(x)
      digest.push(x, count)
    })
  }

  return {
    add(x) {
      if (!Number.isFinite(x)) return
      total++
      if (x < min) min = x
      if (x > max) max = x
      tally.set(x, (tally.get(x) ?? 0) + 1)
      // What stays holds more than a quarter of a bin's mass: a quarter of the tally at most.
      if (tally.size > tallyMax) spill(total / (4 * binsMax))
    },
    finish() {
      if (total === 0) return { edges: new Float64Array(0) }
      const allAtoms = digest.size === 0 && 2 * tally.size < binsMax
      // Four bins less: the two outside the range, and a bin between any two atoms, must fit as well.
      if (!allAtoms) spill((2 * total) / (binsMax - 4))
      const edges = new Set<number>([min, nextUp(max)])
      for (const x of tally.keys()) edges.add(x).add(nextUp(x))
      const restBins = binsMax - edges.size
      for (let cut = 1; digest.size > 0 && cut < restBins; cut++) edges.add(digest.quantile(cut / restBins))
      return { edges: Float64Array.from(edges).filter(Number.isFinite).sort() }
    },
  }
}
