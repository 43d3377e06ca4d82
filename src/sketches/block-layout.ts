import {
  CATEGORICAL,
  CATEGORICAL_EXTRA_CELLS,
  createBlockShape,
  NUMERIC,
  NUMERIC_EXTRA_CELLS,
} from './block-shape.ts'
import type { Countable } from './counting-tables.ts'
import type { BlockShape, FeatureReference, Reference } from './types.ts'

/** Where the cells of each feature of a reference lie, and how its values find them. */
export interface BlockLayout extends Countable {
  /** In the order of the features; the same array for all layouts of these names. */
  readonly names: readonly string[]
  /** Feature name to position. */
  readonly positions: ReadonlyMap<string, number>
  readonly shape: BlockShape
}

const layouts = new WeakMap<Reference, BlockLayout>()

/** The layout of a reference, made at first sight. */
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
  const names = sharedNames([...features.keys()])
  const all = [...features.values()]
  const kinds = Uint8Array.from(all, ({ kind }) => (kind === 'numeric' ? NUMERIC : CATEGORICAL))
  return {
    names,
    positions: new Map(names.map((name, at) => [name, at])),
    shape: createBlockShape(kinds, all.map(cellsOf)),
    features: all,
    tables: null,
  }
}

/** Lists that are remembered before they are all forgotten. */
const NAME_LISTS_MAX = 256
const nameLists = new Map<string, readonly string[]>()

/**
 * One array for all equal lists. Readers of events keep by the array what it takes to find its names: models
 * with the same features, of which there may be thousands, then share that, too.
 */
function sharedNames(names: readonly string[]): readonly string[] {
  const key = JSON.stringify(names)
  const known = nameLists.get(key)
  if (known !== undefined) return known
  if (nameLists.size === NAME_LISTS_MAX) nameLists.clear()
  nameLists.set(key, names)
  return names
}

function cellsOf(feature: FeatureReference): number {
  return feature.kind === 'numeric'
    ? feature.grid.edges.length + 1 + NUMERIC_EXTRA_CELLS
    : feature.dictionary.categories.length + CATEGORICAL_EXTRA_CELLS
}
