import type { Random } from '../../../src/statistics/random.ts'

/** Entries of the guide into a cell's table: most draws begin at the right place. */
const GUIDE = 64
/** What lies beyond is rarer than one in 2^32, the finest that a random number tells. */
const REACH = 7
const MARGIN = 12

/** Draws independent Poisson counts of cells, and says how many there were together. */
export type PoissonCells = (random: Random, counts: Uint32Array) => number

/**
 * Tables of the Poisson laws of all cells: one random number and a step or two a cell, whatever its mean.
 * @param means of the cells, 0 and more
 */
export function poissonCells(means: ArrayLike<number>): PoissonCells {
  const cells = means.length
  const first = new Int32Array(cells)
  const start = new Int32Array(cells + 1)
  const upTo: number[] = []
  const guide = new Int32Array(cells * GUIDE)
  for (let cell = 0; cell < cells; cell++) {
    const mean = means[cell]!
    const reach = REACH * Math.sqrt(mean) + MARGIN
    const low = Math.max(0, Math.floor(mean - reach))
    const high = Math.ceil(mean + reach)
    first[cell] = low
    start[cell] = upTo.length
    const table = cumulative(mean, low, high)
    let at = 0
    for (let entry = 0; entry < GUIDE; entry++) {
      while (table[at]! <= entry / GUIDE) at++
      guide[cell * GUIDE + entry] = upTo.length + at
    }
    for (const probability of table) upTo.push(probability)
  }
  const flat = Float64Array.from(upTo)
  return (random, counts) => {
    let total = 0
    for (let cell = 0; cell < cells; cell++) {
      const u = random()
      let at = guide[cell * GUIDE + ((u * GUIDE) | 0)]!
      while (flat[at]! <= u) at++
      const count = first[cell]! + at - start[cell]!
      counts[cell] = counts[cell]! + count
      total += count
    }
    return total
  }
}

/** P(low <= X <= k | low <= X <= high) for k from low to high; the last is 1 to the last bit. */
function cumulative(mean: number, low: number, high: number): Float64Array {
  const table = new Float64Array(high - low + 1)
  const mode = Math.min(high, Math.max(low, Math.floor(mean)))
  table[mode - low] = 1
  for (let k = mode; k < high; k++) table[k + 1 - low] = (table[k - low]! * mean) / (k + 1)
  for (let k = mode; k > low; k--) table[k - 1 - low] = (table[k - low]! * k) / mean
  for (let k = 1; k < table.length; k++) table[k] = table[k]! + table[k - 1]!
  const sum = table[table.length - 1]!
  return table.map((value, k) => (k === table.length - 1 ? 1 : value / sum))
}
