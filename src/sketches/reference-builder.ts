import { addCategorical, createCategoricalCounts } from './categorical-counts.ts'
import { byCountThenName, createCategoryDictionary } from './category-dictionary.ts'
import { addNumeric, createNumericCounts } from './numeric-counts.ts'
import { addOutcome, addScore, createPerformanceCounts } from './performance-counts.ts'
import { createReferenceCutter, type FeatureCut, type ReferenceRow } from './reference-cutter.ts'
import { createPaneRowCounter, type PanePlan } from './reference-pane-rows.ts'
import { identified } from './reference-wire.ts'
import type { CategoricalReference, CategoryDictionary, FeatureReference, Reference, Task } from './types.ts'
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
  const features = [...cuts].map(([name, cut]) => [name, emptyFeature(cut)] as const)
  const performance = createPerformanceCounts(task)
  const panes = plan === null ? null : createPaneRowCounter(plan, task, positiveLabel, cuts, classes)
  let m = 0
  return {
    add(row) {
      const { features: values, prediction, score, label } = row
      m++
      panes?.add(row)
      for (const [name, feature] of features) {
        const value = Object.hasOwn(values, name) ? values[name] : undefined
        if (feature.kind === 'numeric') addNumeric(feature.grid, feature.counts, value)
        else addCategorical(feature, feature.counts, value)
      }
      if (prediction === undefined) return
      addScore(performance, { prediction, score, positiveLabel, classes })
      if (label === undefined) return
      addOutcome(performance, { prediction, score, label, positiveLabel, classes })
    },
    finish() {
      const content = {
        model,
        version,
        createdAt,
        m,
        task,
        ...(classes === null ? {} : { classes }),
        features: new Map(
          features.map(([name, feature]) => [name, feature.kind === 'numeric' ? feature : ranked(feature)]),
        ),
        performance: performance.n === 0 ? null : performance,
      }
      const counted = panes?.finish(content) ?? null
      return identified({ ...content, ...(counted === null ? {} : { panes: counted }) })
    },
  }
}

/**
 * Builds a reference in two passes, so `rows` is called twice and must give the same rows both times.
 * `performance` stays null where no row has both prediction and label.
 */
export function buildReference(
  options: ReferenceSubject & {
    readonly features: ReadonlyMap<string, 'numeric' | 'categorical'>
    readonly rows: () => Iterable<ReferenceRow>
    /** Length of the windows to keep of rows with times, ms; absent for none. */
    readonly windowMs?: number
    /** The stretch whose rows these are; absent: from the first time to the last. */
    readonly covered?: Covered
  },
): Reference {
  const cutter = createReferenceCutter(options.features, options.task)
  for (const row of options.rows()) cutter.add(row)
  const covered = options.covered ?? cutter.times()
  const { windowMs } = options
  const plan = windowMs === undefined || covered === null ? null : { windowMs, ...covered }
  const counter = createReferenceCounter(options, cutter.finish(), cutter.classes(), plan)
  for (const row of options.rows()) counter.add(row)
  return counter.finish()
}

function emptyFeature(cut: FeatureCut): FeatureReference {
  return cut.kind === 'numeric'
    ? { kind: 'numeric', grid: cut.grid, counts: createNumericCounts(cut.grid) }
    : { kind: 'categorical', dictionary: cut.dictionary, counts: createCategoricalCounts(cut.dictionary) }
}

/**
 * The categories in the order of their exact counts, which the first pass may have known only roughly.
 * While counting, what was not in the dictionary went to `unseen`, for `other` was still zero; but the
 * reference has seen it.
 */
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
