import { createCategoricalCounts } from '../../../src/sketches/categorical-counts.ts'
import { cutDictionary } from '../../../src/sketches/category-dictionary.ts'
import { addNumeric, createNumericCounts } from '../../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../../src/sketches/numeric-grid.ts'
import type { CellCounts } from '../../../src/sketches/types.ts'
import { normalCdf } from '../../../src/statistics/normal.ts'
import type { Random } from '../../../src/statistics/random.ts'
import { standardNormal } from '../../streams/distributions.ts'
import { multinomial } from './multinomial.ts'

/** A reference as production has it, cut and counted on one sample, and the true masses of its cells. */
export interface DrawnReference {
  readonly kind: 'numeric' | 'categorical'
  readonly counts: CellCounts
  readonly masses: Float64Array
}

/** A world that never changes. */
export interface NullWorld {
  readonly kind: 'numeric' | 'categorical'
  /** A reference of m values. */
  reference(random: Random, m: number): DrawnReference
}

interface NumericLaw {
  readonly draw: (random: Random) => number
  /** P(X < x). */
  readonly below: (x: number) => number
}

const ATOM = 0.4
const PARETO = 1.2
const INTEGERS = { mean: 50, deviation: 10 }
const CATEGORIES = 30

/** Six worlds, each hard in its own way. */
export const NULL_WORLDS = {
  normal: numeric({ draw: standardNormal, below: normalCdf }),
  lognormal: numeric({
    draw: (random) => Math.exp(standardNormal(random)),
    below: (x) => (x <= 0 ? 0 : normalCdf(Math.log(x))),
  }),
  pareto: numeric({
    draw: (random) => (1 - random()) ** (-1 / PARETO),
    below: (x) => (x <= 1 ? 0 : 1 - x ** -PARETO),
  }),
  /** Four of ten values are one value: a cap, a default, a zero. */
  atom: numeric({
    draw: (random) => (random() < ATOM ? 0 : standardNormal(random)),
    below: (x) => (1 - ATOM) * normalCdf(x) + (x > 0 ? ATOM : 0),
  }),
  integers: numeric({
    draw: (random) => Math.round(INTEGERS.mean + INTEGERS.deviation * standardNormal(random)),
    below: (x) => normalCdf((Math.ceil(x) - 0.5 - INTEGERS.mean) / INTEGERS.deviation),
  }),
  zipf: zipf(CATEGORIES),
} as const satisfies Record<string, NullWorld>

export type NullWorldName = keyof typeof NULL_WORLDS
export const NULL_WORLD_NAMES = Object.keys(NULL_WORLDS) as NullWorldName[]

function numeric({ draw, below }: NumericLaw): NullWorld {
  return {
    kind: 'numeric',
    reference(random, m) {
      const sample = Float64Array.from({ length: m }, () => draw(random))
      const grid = cutGrid(sample)
      const counts = createNumericCounts(grid)
      for (const x of sample) addNumeric(grid, counts, x)
      const masses = new Float64Array(counts.bins.length)
      let before = 0
      for (let bin = 0; bin < masses.length; bin++) {
        const edge = grid.edges[bin]
        const upTo = edge === undefined ? 1 : below(edge)
        masses[bin] = Math.max(0, upTo - before)
        before = upTo
      }
      return { kind: 'numeric', counts: counts.bins, masses }
    },
  }
}

/** So many categories, each as frequent as its rank is small; the dictionary is cut from the sample. */
function zipf(categories: number): NullWorld {
  const shares = Float64Array.from({ length: categories }, (_, rank) => 1 / (rank + 1))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const law = multinomial(shares)
  return {
    kind: 'categorical',
    reference(random, m) {
      const drawn = new Uint32Array(categories)
      law.draw(random, m, drawn)
      const seen = [...drawn].flatMap((count, rank) => (count > 0 ? [[`${rank}`, count] as const] : []))
      const dictionary = cutDictionary(seen)
      const { cells: counts } = createCategoricalCounts(dictionary)
      const masses = new Float64Array(counts.length)
      for (const [cell, category] of dictionary.categories.entries()) {
        counts[cell] = drawn[Number(category)]!
        masses[cell] = shares[Number(category)]! / total
      }
      // What the sample never held would be counted as unseen.
      masses[masses.length - 1] = Math.max(0, 1 - masses.reduce((sum, mass) => sum + mass, 0))
      return { kind: 'categorical', counts, masses }
    },
  }
}
