import { createGuideTable } from './guide-table.ts'
import { nextUp } from './next-up.ts'
import { tailScale } from './tail-levels.ts'
import type { CategoricalReference, CellCounts, FeatureReference } from './types.ts'

/** How a value of the feature is brought to its cell. */
export const COUNT_AS = { category: 0, linear: 1, bits: 2 } as const

/**
 * Doubles per feature in `ranges`: first edge, the double below the last edge, last edge, origin and scale of
 * the guide, scale of the tails.
 */
export const RANGE_FIELDS = 6
/** Numbers per feature in `places`: first and last cell of the guide, first edge, number of edges. */
export const PLACE_FIELDS = 4

/** The loop compares with two edges without asking whether there are two: behind the last it meets these. */
const NO_EDGES = [Number.NaN, Number.NaN] as const

/** The cells of the values a dictionary holds, from the feature's first cell on. */
export interface CategoryCells {
  readonly texts: ReadonlyMap<string, number>
  /** Categories that are the text of a number, by the number: no text is made to look one up. */
  readonly numbers: ReadonlyMap<number, number>
  /** Where values outside the dictionary count: `other` or `unseen`. */
  readonly unknown: number
  readonly sampled: boolean
}

/**
 * A reference compiled for counting. Everything one value needs lies in a few flat arrays, because a
 * thousand models do not fit into a cache and every further object is one more miss.
 */
export interface CountingTables {
  /** Per feature one of `COUNT_AS`. */
  readonly countAs: Uint8Array
  /** Is no feature categorical? */
  readonly isNumeric: boolean
  /** `RANGE_FIELDS` doubles a feature; an empty range where there are no edges. */
  readonly ranges: Float64Array
  /** `PLACE_FIELDS` numbers a feature. */
  readonly places: Int32Array
  /** Of one grid after the other, two NaN behind each. */
  readonly edges: Float64Array
  readonly guides: Uint16Array
  /** Null for numeric features. */
  readonly categories: readonly (CategoryCells | null)[]
}

/** What tables are compiled from, and kept by. */
export interface Countable {
  readonly features: readonly FeatureReference[]
  /** How a value finds its cell; null until the first is counted. */
  tables: CountingTables | null
}

/** The tables of a layout, compiled for the first value that is counted on it: who only judges never pays. */
export function countingTables(layout: Countable): CountingTables {
  layout.tables ??= compileTables(layout.features)
  return layout.tables
}

function compileTables(features: readonly FeatureReference[]): CountingTables {
  const grids = createGridPool()
  const countAs = new Uint8Array(features.length)
  const ranges = new Float64Array(RANGE_FIELDS * features.length)
  const places = new Int32Array(PLACE_FIELDS * features.length)
  features.forEach((feature, at) => {
    if (feature.kind === 'categorical') return
    const { edges } = feature.grid
    const { byBits, origin, scale, guideAt, cellMax, edgeAt } = grids.place(edges, feature.counts.bins)
    countAs[at] = byBits ? COUNT_AS.bits : COUNT_AS.linear
    places.set([guideAt, cellMax, edgeAt, edges.length], PLACE_FIELDS * at)
    const range =
      edges.length > 0
        ? [edges[0]!, -nextUp(-edges.at(-1)!), edges.at(-1)!, origin, scale, tailScale(edges)]
        : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, origin, scale, 0]
    ranges.set(range, RANGE_FIELDS * at)
  })
  const categories = features.map((one) => (one.kind === 'categorical' ? categoryCells(one) : null))
  const isNumeric = features.every(({ kind }) => kind === 'numeric')
  return { countAs, isNumeric, ranges, places, ...grids.whole(), categories }
}

interface PlacedGrid {
  readonly byBits: boolean
  readonly origin: number
  readonly scale: number
  readonly guideAt: number
  readonly cellMax: number
  readonly edgeAt: number
}

/** Small grids are often those of others, too: flags, hours, codes. To compare large ones would cost more. */
const SHARED_EDGES_MAX = 32

/** The edges and guides of all grids, in one array each. */
function createGridPool() {
  const edges: number[] = []
  const guides: number[] = []
  const shared = new Map<string, PlacedGrid>()
  return {
    place(own: Float64Array, bins: CellCounts): PlacedGrid {
      const key = own.length <= SHARED_EDGES_MAX ? own.join() : null
      const known = key === null ? undefined : shared.get(key)
      if (known !== undefined) return known
      const { byBits, origin, scale, starts } = createGuideTable(own, bins)
      const place = { byBits, origin, scale, cellMax: starts.length - 1 }
      const placed = { ...place, guideAt: guides.length, edgeAt: edges.length }
      for (const start of starts) guides.push(start)
      for (const edge of own) edges.push(edge)
      edges.push(...NO_EDGES)
      if (key !== null) shared.set(key, placed)
      return placed
    },
    whole: () => ({ edges: Float64Array.from(edges), guides: Uint16Array.from(guides) }),
  }
}

function categoryCells({ dictionary, counts }: CategoricalReference): CategoryCells {
  const { categories, index } = dictionary
  const numbers = new Map<number, number>()
  categories.forEach((category, cell) => {
    const number = Number(category)
    if (String(number) === category) numbers.set(number, cell)
  })
  // Where the dictionary does not hold all the reference has seen, nobody knows what lay beyond it.
  const complete = counts.cells[categories.length] === 0
  const unknown = categories.length + (complete ? 1 : 0)
  return { texts: index, numbers, unknown, sampled: complete }
}
