import type { FeatureEvent, FeatureValue } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { cutDictionary } from './category-dictionary.ts'
import { createCategoryTally } from './category-tally.ts'
import { createGridCutter } from './grid-cutter.ts'
import { CLASSES_MAX } from './outcome-layout.ts'
import type { CategoryDictionary, NumericGrid, Task } from './types.ts'
import type { Covered } from './windowed-counts.ts'

/** One row of what a reference is built from; with prediction and label it also counts as an outcome. */
export interface ReferenceRow {
  readonly features: Readonly<Record<string, FeatureValue>>
  readonly prediction?: FeatureEvent['prediction'] | undefined
  readonly score?: FeatureEvent['score']
  readonly label?: LabelEvent['label'] | undefined
  /** Event time, epoch ms, where it is known. */
  readonly at?: number | undefined
}

/** What a feature is counted on. */
export type FeatureCut =
  | { readonly kind: 'numeric'; readonly grid: NumericGrid }
  | { readonly kind: 'categorical'; readonly dictionary: CategoryDictionary }

/** The first pass over the rows: where to cut. */
export interface ReferenceCutter {
  add(row: ReferenceRow): void
  /** The cuts, in the order of the feature types. Call it once: the cutter is spent. */
  finish(): ReadonlyMap<string, FeatureCut>
  /** The classes of a multiclass model: its most frequent labels; null for other tasks. */
  classes(): CategoryDictionary | null
  /** From the first time of a row to the last; null where no row has one. */
  times(): Covered | null
}

/** A cutter for these features; memory is bounded per feature, however many rows come. */
export function createReferenceCutter(
  featureTypes: ReadonlyMap<string, 'numeric' | 'categorical'>,
  task: Task = 'binary',
): ReferenceCutter {
  const labels = task === 'multiclass' ? createCategoryTally() : null
  const cutters = [...featureTypes].map(([name, type]) => ({
    name,
    ...(type === 'numeric' ? createNumericCut() : createCategoricalCut()),
  }))
  let fromMs = Number.POSITIVE_INFINITY
  let toMs = Number.NEGATIVE_INFINITY
  return {
    add({ features, label, at }) {
      if (at !== undefined) {
        fromMs = Math.min(fromMs, at)
        toMs = Math.max(toMs, at)
      }
      if (label !== undefined) labels?.add(String(label))
      for (const { name, add } of cutters) if (Object.hasOwn(features, name)) add(features[name])
    },
    finish: () => new Map(cutters.map(({ name, finish }) => [name, finish()])),
    times: () => (fromMs <= toMs ? { fromMs, toMs } : null),
    classes: () => (labels === null ? null : cutDictionary(labels.entries(), CLASSES_MAX)),
  }
}

interface OpenCut {
  add(value: FeatureValue | undefined): void
  finish(): FeatureCut
}

function createNumericCut(): OpenCut {
  const cutter = createGridCutter()
  return {
    add(value) {
      if (typeof value === 'number') cutter.add(value)
    },
    finish: () => ({ kind: 'numeric', grid: cutter.finish() }),
  }
}

function createCategoricalCut(): OpenCut {
  const tally = createCategoryTally()
  return {
    add(value) {
      if (value !== undefined && value !== null) tally.add(String(value))
    },
    finish: () => ({ kind: 'categorical', dictionary: cutDictionary(tally.entries()) }),
  }
}
