import type { Random } from '../../../src/statistics/random.ts'
import { type PoissonCells, poissonCells } from './poisson-cells.ts'

/** Draws the counts of n independent values that fall into cells with given probabilities. */
export interface Multinomial {
  /** Adds n draws to `counts`, which has the cells of the masses. */
  draw(random: Random, n: number, counts: Uint32Array): void
}

/** Draws a cell from which on Poisson counts are drawn first. */
const MANY_PER_CELL = 4

/** Standard deviations that the Poisson counts are drawn below n, so that they hardly ever exceed it. */
const BELOW = 4

/**
 * A multinomial law by the alias method: one random number a draw, whatever the number of cells. Its part
 * behind the cell decides between the cell and its alias, to one in 2^23 of a cell's share.
 *
 * Where draws are many, independent Poisson counts of somewhat fewer draws come first, and the rest follows
 * one by one: given their sum the counts are multinomial, and so is the sum with the rest. The tables for it
 * are made for one n and kept.
 * Source: Walker, ACM Transactions on Mathematical Software 3 (1977); table by Vose (1991).
 * @param masses of the cells, 0 and more, of any sum
 */
export function multinomial(masses: ArrayLike<number>): Multinomial {
  const cells = masses.length
  let sum = 0
  for (let cell = 0; cell < cells; cell++) sum += masses[cell]!
  const keep = Float64Array.from({ length: cells }, (_, cell) => (masses[cell]! * cells) / sum)
  const alias = new Uint16Array(cells)
  const small: number[] = []
  const large: number[] = []
  for (let cell = 0; cell < cells; cell++) (keep[cell]! < 1 ? small : large).push(cell)
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop()!
    const rich = large[large.length - 1]!
    alias[poor] = rich
    keep[rich] = keep[rich]! - (1 - keep[poor]!)
    if (keep[rich]! < 1) small.push(large.pop()!)
  }
  // What is left differs from 1 by rounding alone.
  for (const cell of [...small, ...large]) keep[cell] = 1
  let poisson: PoissonCells | null = null
  let poissonFor = 0
  const first = new Uint32Array(cells)

  /** Counts of all but some of n draws are left in `first`; says of how many. */
  function drawMost(random: Random, n: number): number {
    if (poisson === null || poissonFor !== n) {
      const most = n - BELOW * Math.sqrt(n)
      poisson = poissonCells(Float64Array.from({ length: cells }, (_, cell) => (masses[cell]! * most) / sum))
      poissonFor = n
    }
    for (;;) {
      first.fill(0)
      const drawn = poisson(random, first)
      if (drawn <= n) return drawn
    }
  }

  return {
    draw(random, n, counts) {
      let drawn = 0
      if (n >= MANY_PER_CELL * cells) {
        drawn = drawMost(random, n)
        for (let cell = 0; cell < cells; cell++) counts[cell] = counts[cell]! + first[cell]!
      }
      for (let draw = drawn; draw < n; draw++) {
        const at = random() * cells
        const cell = at | 0
        const into = at - cell < keep[cell]! ? cell : alias[cell]!
        counts[into] = counts[into]! + 1
      }
    },
  }
}
