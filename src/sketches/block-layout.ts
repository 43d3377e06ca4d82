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
  const names = [...features.keys()]
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

function cellsOf(feature: FeatureReference): number {
  return feature.kind === 'numeric'
    ? feature.grid.edges.length + 1 + NUMERIC_EXTRA_CELLS
    : feature.dictionary.categories.length + CATEGORICAL_EXTRA_CELLS
}
