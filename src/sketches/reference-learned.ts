import type { FeatureValue } from '../events/feature-event.ts'
import { layoutOf } from './block-layout.ts'
import { createCategoricalCounts } from './categorical-counts.ts'
import type { Interruptible } from './interruptible.ts'
import { createNumericCounts } from './numeric-counts.ts'
import { countsOf } from './pane-sketch.ts'
import { buildReferenceInParts, type ReferenceSubject } from './reference-builder.ts'
import type { ReferenceRow } from './reference-cutter.ts'
import { summarizePanes } from './reference-panes-summary.ts'
import type { SampledRow } from './reference-sample.ts'
import { gridIdOf, identified } from './reference-wire.ts'
import type { FeatureCounts, FeatureReference, PaneSketch, PerformanceCounts, Reference } from './types.ts'
import type { WindowedCounts } from './windowed-counts.ts'

/** A sampled row by feature name, as the detector put it together from the records of its tasks. */
export type NamedRow = Pick<SampledRow, 'prediction'> & {
  readonly values: ReadonlyMap<string, number | string | null>
}

/**
 * Stage one: edges and dictionaries of the rows, with every count still zero. Its id is the name of the
 * grid, so that what is counted on it before the counts are published is counted on the same edges after.
 *
 * A dictionary says now whether it holds every category (see `addCategorical`): where the sample had more,
 * `other` is 1. Were that left to the counts, a value could be `unseen` in one stage and `other` in the next.
 */
export function* cutFromRows(
  subject: ReferenceSubject,
  types: ReadonlyMap<string, 'numeric' | 'categorical'>,
  rows: readonly NamedRow[],
): Interruptible<Reference> {
  const named = rows.map(referenceRow)
  const sampled = yield* buildReferenceInParts({ ...subject, features: types, rows: () => named })
  const { id: _id, ...content } = sampled
  return identified({
    ...content,
    m: 0,
    performance: null,
    features: new Map([...sampled.features].map(([name, feature]) => [name, emptied(feature)])),
    source: 'stream',
    stage: 'cut',
  })
}

/**
 * Stage two: the same edges, with the counts of what came after the cut, up to `learnedUntil` (epoch ms).
 * @param windowed the same counts by base window
 * @param labelDelayMs how long after its pane labels were waited for
 */
export function countedReference(
  cut: Reference,
  counts: PaneSketch,
  outcomes: PerformanceCounts | null,
  windowed: WindowedCounts,
  learnedUntil: number,
  createdAt: number,
  labelDelayMs: number,
): Reference {
  const { id: _id, ...content } = cut
  const counted = {
    ...content,
    createdAt,
    m: counts.events,
    features: new Map(
      [...cut.features].map(([name, feature], position) => [
        name,
        filled(feature, countsOf(counts, layoutOf(cut), position)),
      ]),
    ),
    performance: outcomes,
    stage: 'ready' as const,
    gridId: gridIdOf(cut),
    learnedUntil,
    ...(outcomes === null ? {} : { labelDelayMs }),
  }
  const covered = { fromMs: cut.createdAt, toMs: learnedUntil }
  const parts = { rows: covered, scores: covered, outcomes: covered }
  const panes = summarizePanes(counted, windowed, layoutOf(cut), parts)
  return identified({ ...counted, ...(panes === null ? {} : { panes }) })
}

/**
 * Does a reference of the same version take the place of the one there is? The stream's own lesson yields
 * to what a person or a training published, and a later lesson to no earlier one; all else, the last wins.
 */
export function supersedes(next: Reference, current: Reference | null | undefined): boolean {
  if (current === null || current === undefined || next.source !== 'stream') return true
  return current.source === 'stream' && next.createdAt >= current.createdAt
}

/** An object without prototype: a feature may be called `__proto__`. */
function referenceRow({ values, prediction }: NamedRow): ReferenceRow {
  const features: Record<string, FeatureValue> = Object.create(null)
  for (const [name, value] of values) features[name] = value
  return prediction === null ? { features } : { features, prediction, label: prediction }
}

function emptied(feature: FeatureReference): FeatureReference {
  if (feature.kind === 'numeric') return { ...feature, counts: createNumericCounts(feature.grid) }
  const counts = createCategoricalCounts(feature.dictionary)
  const other = feature.dictionary.categories.length
  counts.cells[other] = Math.min(1, feature.counts.cells[other]!)
  return { ...feature, counts }
}

function filled(cut: FeatureReference, counted: FeatureCounts | null): FeatureReference {
  if (cut.kind === 'numeric' && counted?.kind === 'numeric') {
    return { ...cut, counts: { ...counted.counts, bins: counted.counts.bins.slice() } }
  }
  if (cut.kind === 'categorical' && counted?.kind === 'categorical') {
    const cells = counted.counts.cells.slice()
    const other = cut.dictionary.categories.length
    cells[other] = Math.max(cells[other]!, cut.counts.cells[other]!)
    return { ...cut, counts: { ...counted.counts, cells } }
  }
  return cut
}
