import { layoutOf } from '../sketches/block-layout.ts'
import type { DeltaEntry } from '../sketches/delta.ts'
import type { Interruptible } from '../sketches/interruptible.ts'
import { countsOf, createPaneSketch, mergePaneSketch } from '../sketches/pane-sketch.ts'
import { createPerformanceCounts, mergePerformanceCounts } from '../sketches/performance-counts.ts'
import { countedReference, cutFromRows, type NamedRow, supersedes } from '../sketches/reference-learned.ts'
import type { ReferenceSample, SampledRow } from '../sketches/reference-sample.ts'
import { gridIdOf } from '../sketches/reference-wire.ts'
import type { PaneSketch, Reference } from '../sketches/types.ts'
import { addPane, addPaneOutcomes, breakWindow, createWindowedCounts } from '../sketches/windowed-counts.ts'
import { gatheringPane } from '../windows/window-store.ts'
import { countedKey, type ModelState } from './detect-state.ts'
import type { LearningOptions, ModelOptions } from './options.ts'
import { type Counting, emptyRows, type SampledPane, type VersionLearning } from './version-learning.ts'

/** Versions of one model that learn at once; what a hostile producer invents beyond is only counted. */
const VERSIONS_MAX = 8

/** Takes the rows of one pane from one task; again is no more. */
export function learnFromSample(model: ModelState, sample: ReferenceSample): void {
  const { learning: options } = model.options
  const learning = options === undefined ? null : learningOf(model, sample.version, options)
  if (options === undefined || learning === null || learning.counting !== null) return
  const places = new Map(sample.features.map((name, place) => [name, place]))
  const { rows } = paneOf(learning, sample.paneStart, options)
  for (const { rank, prediction, values } of sample.rows) {
    // In the order of our own features, whatever order an observer of another configuration sends.
    const own = [...model.options.features.keys()].map((name) => values[places.get(name) ?? -1] ?? null)
    rows.add({ rank, prediction, values: own })
  }
}

/** Takes the number of events of one pane that were counted without a reference. */
export function learnFromCount(model: ModelState, { version, paneStart, sketch }: DeltaEntry): void {
  const { learning: options } = model.options
  const learning = options === undefined ? null : learningOf(model, version, options)
  if (options === undefined || learning === null) return
  paneOf(learning, paneStart, options).events += sketch.events
}

/** A reference from the topic, the detector's own among them: judge by it, count on it, or pass it over. */
export function acceptReference(model: ModelState, reference: Reference): void {
  const { version } = reference
  if (!supersedes(reference, model.references.get(version))) return
  if (reference.stage !== 'cut') {
    model.references.set(version, reference)
    // Our own is decided before it is read. One that is not was published by somebody else, or rests on
    // sketches that the log no longer holds: there is nothing left to learn.
    if ((model.learning.get(version)?.counting?.untilMs ?? null) === null) model.learning.delete(version)
    return
  }
  const { learning: options } = model.options
  const learning = options === undefined ? null : learningOf(model, version, options)
  // Our own cut comes back to us; another is one made before what led to it was lost from the log.
  if (learning === null || learning.counting?.cut.id === reference.id) return
  learning.counting = startCounting(model.options, reference)
}

/** The pane that ends at `end` has closed: what there is to publish of the model's learning versions. */
export function* advanceLearning(model: ModelState, end: number, paneMs: number): Interruptible<Reference[]> {
  const published: Reference[] = []
  for (const [version, learning] of model.learning) {
    const { counting } = learning
    if (counting === null) {
      const cut = yield* closeUntilEnough(model.options, version, learning, end, paneMs)
      if (cut === null) continue
      learning.counting = startCounting(model.options, cut)
      learning.closed = emptyRows(0)
      published.push(cut)
    } else {
      const mixed = (learning.open.get(end - paneMs)?.events ?? 0) > 0
      for (const start of learning.open.keys()) if (start < end) learning.open.delete(start)
      const ready = count(model, version, counting, end, paneMs, mixed)
      if (ready !== null) {
        model.references.set(version, ready)
        published.push(ready)
      }
      if (counting.untilMs !== null && counting.unlabelled.size === 0) model.learning.delete(version)
    }
  }
  return published
}

/**
 * What is worth publishing of the references that one step led to, in their order. Where a step is far behind,
 * a version's counts and its outcomes become known in one: then the counts alone are left out, which would
 * only say that no outcome is known. Not where an event that is published beside them names their id.
 */
export function worthPublishing(
  references: readonly Reference[],
  named: ReadonlySet<string | null>,
): readonly Reference[] {
  return references.filter((reference, at) => {
    const isReplaced = references.slice(at + 1).some((later) => isOfSameVersion(later, reference))
    return reference.stage === 'cut' || !isReplaced || named.has(reference.id)
  })
}

function isOfSameVersion(one: Reference, other: Reference): boolean {
  return one.model === other.model && one.version === other.version
}

function learningOf(model: ModelState, version: string, { cutAt }: LearningOptions): VersionLearning | null {
  const known = model.learning.get(version)
  if (known !== undefined) return known
  if (model.references.has(version) || model.learning.size >= VERSIONS_MAX) return null
  const learning: VersionLearning = { open: new Map(), closed: emptyRows(cutAt), counting: null }
  model.learning.set(version, learning)
  return learning
}

function paneOf({ open }: VersionLearning, start: number, { cutAt }: LearningOptions): SampledPane {
  let pane = open.get(start)
  if (pane === undefined) {
    pane = emptyRows(cutAt)
    open.set(start, pane)
  }
  return pane
}

/**
 * Folds the panes before `end` together, in their order, and cuts at the first that makes them enough: how
 * many panes close at once depends on flushes, which must not show.
 */
function* closeUntilEnough(
  options: ModelOptions,
  version: string,
  { open, closed }: VersionLearning,
  end: number,
  paneMs: number,
): Interruptible<Reference | null> {
  const starts = [...open.keys()].filter((start) => start < end).sort((a, b) => a - b)
  for (const start of starts) {
    const { events, rows } = open.get(start)!
    open.delete(start)
    closed.events += events
    closed.rows.addAll(rows)
    if (closed.events >= options.learning!.cutAt && closed.rows.size > 0) {
      return yield* cutFrom(options, version, closed.rows.rows(), start + paneMs)
    }
  }
  return null
}

function* cutFrom(
  options: ModelOptions,
  version: string,
  sampled: readonly SampledRow[],
  createdAt: number,
): Interruptible<Reference> {
  const { name, task, positiveLabel } = options
  const types = new Map([...options.features].map(([feature, { type }]) => [feature, type]))
  const names = [...types.keys()]
  const rows: NamedRow[] = sampled.map(({ prediction, values }) => ({
    prediction,
    values: new Map(names.map((feature, place) => [feature, values[place] ?? null])),
  }))
  return yield* cutFromRows({ model: name, version, createdAt, task, positiveLabel }, types, rows)
}

function startCounting(options: ModelOptions, cut: Reference): Counting {
  const features = createPaneSketch(options.task)
  const outcomes = createPerformanceCounts(options.task)
  const windowed = createWindowedCounts(options.windows.dataMs, options.task, layoutOf(cut).shape)
  return { cut, fromMs: cut.createdAt, features, outcomes, windowed, unlabelled: new Set(), untilMs: null }
}

/**
 * Counts the pane that has closed, and the outcomes of the one whose labels now count as complete. Ready
 * as soon as there are enough events; once more, with outcomes, when the labels of all of them are in.
 */
function count(
  model: ModelState,
  version: string,
  counting: Counting,
  end: number,
  paneMs: number,
  mixed: boolean,
): Reference | null {
  const store = model.windows.get(countedKey(version, gridIdOf(counting.cut)))?.store
  const paneAt = (start: number) => (store === undefined ? null : gatheringPane(store, start))
  const { features, outcomes, windowed, unlabelled } = counting
  const start = end - paneMs
  const wasCounting = counting.untilMs === null
  if (wasCounting && start >= counting.fromMs && !mixed) {
    const pane = paneAt(start)
    // A pane without features holds labels of predictions that were counted elsewhere.
    if (pane?.block && isCountedOn(counting.cut, pane)) {
      // Of its labels only the quick ones are in by now; they come later, with the slow ones.
      const performance = createPerformanceCounts(model.options.task)
      mergePaneSketch(features, { ...pane, performance })
      addPane(windowed, start, { ...pane, performance })
      unlabelled.add(start)
    } else if (pane !== null) breakWindow(windowed, start)
  }
  if (wasCounting && mixed) breakWindow(windowed, start)
  const { labelDelayMs } = model.options.windows
  const labelledStart = start - labelDelayMs
  const labelled = unlabelled.delete(labelledStart) ? paneAt(labelledStart) : null
  if (labelled !== null && isCountedOn(counting.cut, labelled)) {
    mergePerformanceCounts(outcomes, labelled.performance)
    addPaneOutcomes(windowed, labelledStart, labelled.performance)
  }

  if (wasCounting && features.events < model.options.learning!.countUntil) return null
  counting.untilMs ??= end
  const complete = unlabelled.size === 0
  if (!wasCounting && !(complete && outcomes.n > 0)) return null
  const known = complete && outcomes.n > 0 ? outcomes : null
  return countedReference(counting.cut, features, known, windowed, counting.untilMs, end, labelDelayMs)
}

/** A delta names its grid; whether it was counted on it is another matter. */
function isCountedOn(cut: Reference, pane: PaneSketch): boolean {
  const { task, classCount } = pane.performance
  const classes = cut.classes?.categories.length ?? 0
  const sameOutcomes = task === cut.task && (classCount === 0 || classCount === classes)
  return sameOutcomes && countsOf(pane, layoutOf(cut), 0) !== null
}
