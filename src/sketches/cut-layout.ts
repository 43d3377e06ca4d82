import { type BlockLayout, compileLayout } from './block-layout.ts'
import { createCategoricalCounts } from './categorical-counts.ts'
import { createNumericCounts } from './numeric-counts.ts'
import type { FeatureCut } from './reference-cutter.ts'
import type { FeatureReference } from './types.ts'

/** Cuts as a layout to count on. What no dictionary holds counts as `other` and is not sampled. */
export function layoutOfCuts(cuts: ReadonlyMap<string, FeatureCut>): BlockLayout {
  return compileLayout(new Map([...cuts].map(([name, cut]) => [name, emptyFeature(cut)])))
}

function emptyFeature(cut: FeatureCut): FeatureReference {
  if (cut.kind === 'numeric') return { ...cut, counts: createNumericCounts(cut.grid) }
  const counts = createCategoricalCounts(cut.dictionary)
  // A dictionary beyond which something is known to lie is not complete.
  counts.cells[cut.dictionary.categories.length] = 1
  return { ...cut, counts }
}
