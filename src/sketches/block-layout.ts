import {
  CATEGORICAL,
  CATEGORICAL_EXTRA_CELLS,
  createBlockShape,
  NUMERIC,
  NUMERIC_EXTRA_CELLS,
} from './block-shape.ts'
import { createGuideTable } from './guide-table.ts'
import { tailScale } from './tail-levels.ts'
import type { BlockShape, CategoricalReference, CellCounts, FeatureReference, Reference } from './types.ts'

/** How a value of the feature is brought to its cell. */
export const COUNT_AS = { category: 0, linear: 1, bits: 2, searchedLinear: 3, searchedBits: 4 } as const

/** Doubles per feature in `ranges`: first edge, last edge, origin and scale of the guide, scale of the tails. */
export const RANGE_FIELDS = 5
/** Numbers per feature in `places`. */
export const PLACE_FIELDS = 4

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
 * A reference compiled for counting: where the cells of each feature lie, and how a value finds its own.
 * Everything one value needs lies in a few flat arrays, because a thousand models do not fit into a cache
 * and every further object is one more miss.
 */
export interface BlockLayout {
  readonly names: readonly string[]
  /** Feature name to position. */
  readonly positions: ReadonlyMap<string, number>
  readonly shape: BlockShape
  /** Per feature one of `COUNT_AS`. */
  readonly countAs: Uint8Array
  /** `RANGE_FIELDS` doubles a feature. */
  readonly ranges: Float64Array
  /** Per feature: first cell of the guide, last cell of the guide, first edge, number of edges. */
  readonly places: Int32Array
  readonly edges: Float64Array
  readonly guides: Uint16Array
  /** Null for numeric features. */
  readonly categories: readonly (CategoryCells | null)[]
}

const layouts = new WeakMap<Reference, BlockLayout>()

/** The layout of a reference, compiled at first sight. */
export function layoutOf(reference: Reference): BlockLayout {
  let layout = layouts.get(reference)
  if (layout === undefined) {
    layout = compileLayout(reference.features)
    layouts.set(reference, layout)
  }
  return layout
}

/** Deterministic: equal references give equal layouts. */
export function compileLayout(features: ReadonlyMap<string, FeatureReference>): BlockLayout {
  const names = [...features.keys()]
  const all = [...features.values()]
  const kinds = Uint8Array.from(all, ({ kind }) => (kind === 'numeric' ? NUMERIC : CATEGORICAL))
  const guides = createGuidePool()
  const edges = new Float64Array(all.reduce((sum, one) => sum + edgesOf(one).length, 0))
  const countAs = new Uint8Array(all.length)
  const ranges = new Float64Array(RANGE_FIELDS * all.length)
  const places = new Int32Array(PLACE_FIELDS * all.length)
  let edgeAt = 0
  all.forEach((feature, at) => {
    const own = edgesOf(feature)
    // An empty range: no value takes the way of the numbers.
    ranges.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], RANGE_FIELDS * at)
    if (feature.kind === 'categorical') return
    edges.set(own, edgeAt)
    if (own.length > 0) {
      const { table, place } = guides.place(own, feature.counts.bins)
      const linear = table.searched ? COUNT_AS.searchedLinear : COUNT_AS.linear
      const bits = table.searched ? COUNT_AS.searchedBits : COUNT_AS.bits
      countAs[at] = table.byBits ? bits : linear
      const range = [own[0]!, own.at(-1)!, table.origin, table.scale, tailScale(own)]
      ranges.set(range, RANGE_FIELDS * at)
      places.set([place, table.starts.length - 2, edgeAt, own.length], PLACE_FIELDS * at)
    } else {
      countAs[at] = COUNT_AS.linear
    }
    edgeAt += own.length
  })
  return {
    names,
    positions: new Map(names.map((name, at) => [name, at])),
    shape: createBlockShape(kinds, all.map(cellsOf)),
    countAs,
    ranges,
    places,
    edges,
    guides: guides.whole(),
    categories: all.map((feature) => (feature.kind === 'categorical' ? categoryCells(feature) : null)),
  }
}

const NO_EDGES = new Float64Array(0)

function edgesOf(feature: FeatureReference): Float64Array {
  return feature.kind === 'numeric' ? feature.grid.edges : NO_EDGES
}

function cellsOf(feature: FeatureReference): number {
  return feature.kind === 'numeric'
    ? feature.grid.edges.length + 1 + NUMERIC_EXTRA_CELLS
    : feature.dictionary.categories.length + CATEGORICAL_EXTRA_CELLS
}

/** All guide tables in one array; features on the same grid (flags, small codes) share the first one's. */
function createGuidePool() {
  const tables: Uint16Array[] = []
  const byEdges = new Map<string, { table: ReturnType<typeof createGuideTable>; place: number }>()
  let length = 0
  return {
    place(edges: Float64Array, bins: CellCounts) {
      const key = edges.join()
      let placed = byEdges.get(key)
      if (placed === undefined) {
        const table = createGuideTable(edges, bins)
        placed = { table, place: length }
        byEdges.set(key, placed)
        tables.push(table.starts)
        length += table.starts.length
      }
      return placed
    },
    whole(): Uint16Array {
      const whole = new Uint16Array(length)
      let at = 0
      for (const table of tables) {
        whole.set(table, at)
        at += table.length
      }
      return whole
    },
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
