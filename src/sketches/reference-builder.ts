import { DriftstreamError } from '../errors/driftstream-error.ts'
import { gatherValues } from '../events/gather-values.ts'
import { featureCounts } from './block-views.ts'
import { byCountThenName, createCategoryDictionary } from './category-dictionary.ts'
import { layoutOfCuts } from './cut-layout.ts'
import { createFeatureBlock } from './feature-block.ts'
import { atOnce, type Interruptible } from './interruptible.ts'
import { addOutcome, addScore, createPerformanceCounts } from './performance-counts.ts'
import { createReferenceCutter, type FeatureCut, type ReferenceRow } from './reference-cutter.ts'
import { createPaneRowCounter, type PanePlan } from './reference-pane-rows.ts'
import { identified } from './reference-wire.ts'

import { countStagedRows, createStagedRows, STAGED_ROWS_MAX, stageRow } from './staged-rows.ts'
import type {
  CategoricalReference,
  CategoryDictionary,
  FeatureBlock,
  FeatureReference,
  Reference,
  Task,
} from './types.ts'
import type { Covered } from './windowed-counts.ts'

/** Whose reference it is. */
export interface ReferenceSubject {
  readonly model: string
  readonly version: string
  /** Epoch ms; no part of the id. */
  readonly createdAt: number
  readonly task: Task
  /** binary: the label, as text, that counts as positive. */
  readonly positiveLabel: string
}

/** The second pass over the rows: counts on the cuts of the first. */
export interface ReferenceCounter {
  add(row: ReferenceRow): void
  /** Call it once: the counts become the reference's. */
  finish(): Reference
}

/**
 * A counter on these cuts. Rows that were not cut from may be counted, too: they are facts like any other.
 * @param classes those of the cutter
 * @param plan the windows to keep of rows with times; null for none
 */
export function createReferenceCounter(
  subject: ReferenceSubject,
  cuts: ReadonlyMap<string, FeatureCut>,
  classes: CategoryDictionary | null = null,
  plan: PanePlan | null = null,
): ReferenceCounter {
  const { model, version, createdAt, task, positiveLabel } = subject
  const layout = layoutOfCuts(cuts)
  const block = createFeatureBlock(layout.shape)
  const staged = createStagedRows(layout.names.length, STAGED_ROWS_MAX)
  const performance = createPerformanceCounts(task)
  const panes = plan === null ? null : createPaneRowCounter(plan, task, positiveLabel, cuts, classes)
  let m = 0
  return {
    add(row) {
      const { features: values, prediction, score, label } = row
      m++
      panes?.add(row)
      stageRow(staged, block, layout, gatherValues(layout.names, values).values, NO_EVENT)
      if (staged.count === STAGED_ROWS_MAX) countStagedRows(staged, block, layout)
      if (prediction === undefined) return
      addScore(performance, { prediction, score, positiveLabel, classes })
      if (label === undefined) return
      addOutcome(performance, { prediction, score, label, positiveLabel, classes })
    },
    finish() {
      countStagedRows(staged, block, layout)
      const content = {
        model,
        version,
        createdAt,
        m,
        task,
        ...(classes === null ? {} : { classes }),
        features: new Map(layout.names.map((name, at) => [name, counted(layout.features[at]!, block, at)])),
        performance: performance.n === 0 ? null : performance,
      }
      const windows = panes?.finish(content) ?? null
      return identified({ ...content, ...(windows === null ? {} : { panes: windows }) })
    },
  }
}

export interface ReferenceParts extends ReferenceSubject {
  readonly features: ReadonlyMap<string, 'numeric' | 'categorical'>
  /** Called twice; must give the same rows both times. */
  readonly rows: () => Iterable<ReferenceRow>
  /** Length of the windows to keep of rows with times, ms; absent for none. */
  readonly windowMs?: number
  /** The stretch whose rows these are; absent: from the first time to the last. */
  readonly covered?: Covered
}

/**
 * Builds a reference in two passes over its rows. `performance` stays null where no row has both prediction
 * and label.
 */
export function buildReference(parts: ReferenceParts): Reference {
  return atOnce(buildReferenceInParts(parts))
}

/** The same with a stop behind every row. */
export function* buildReferenceInParts(options: ReferenceParts): Interruptible<Reference> {
  const cutter = createReferenceCutter(options.features, options.task)
  for (const row of options.rows()) {
    cutter.add(row)
    yield 'part'
  }
  const covered = options.covered ?? cutter.times()
  const { windowMs } = options
  const plan = windowMs === undefined || covered === null ? null : { windowMs, ...covered }
  const counter = createReferenceCounter(options, cutter.finish(), cutter.classes(), plan)
  for (const row of options.rows()) {
    counter.add(row)
    yield 'part'
  }
  return counter.finish()
}

/** Rows of a reference are no events; nothing is sampled of them. */
const NO_EVENT = { id: '' }

/** The feature with the counts of the block, which it shares no memory with. */
function counted(feature: FeatureReference, block: FeatureBlock, position: number): FeatureReference {
  const found = featureCounts(block, position)
  if (feature.kind === 'numeric' && found.kind === 'numeric') {
    return { ...feature, counts: { ...found.counts, bins: found.counts.bins.slice() } }
  }
  if (feature.kind === 'categorical' && found.kind === 'categorical') {
    return ranked({ ...feature, counts: found.counts })
  }
  throw new DriftstreamError('STATE_IMPOSSIBLE', `expected counts of a ${feature.kind} feature`)
}

/** The categories in the order of their exact counts, which the first pass may have known only roughly. */
function ranked({ dictionary, counts }: CategoricalReference): CategoricalReference {
  const order = dictionary.categories
    .map((category, cell) => [category, counts.cells[cell]!] as const)
    .sort(byCountThenName)
  const beyond = counts.cells.at(-2)! + counts.cells.at(-1)!
  return {
    kind: 'categorical',
    dictionary: createCategoryDictionary(order.map(([category]) => category)),
    counts: { ...counts, cells: Uint32Array.from([...order.map(([, count]) => count), beyond, 0]) },
  }
}
