import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { FeatureValue } from '../events/feature-event.ts'
import { addCategorical, createCategoricalCounts, mergeCategoricalCounts } from './categorical-counts.ts'
import { addNumeric, createNumericCounts, mergeNumericCounts } from './numeric-counts.ts'
import { createPerformanceCounts, mergePerformanceCounts } from './performance-counts.ts'
import type { FeatureCounts, FeatureReference, PaneSketch, Reference, Task } from './types.ts'

/** Counts of nothing, with the reference's features in the reference's order; none without a reference. */
export function createPaneSketch(reference: Reference | null, task: Task): PaneSketch {
  const features = new Map<string, FeatureCounts>()
  for (const [name, feature] of reference?.features ?? []) features.set(name, createFeatureCounts(feature))
  return { events: 0, unknownFeatures: 0, features, performance: createPerformanceCounts(task) }
}

/**
 * Counts the features of one event. Every feature of the reference is counted, a missing one as missing;
 * features the reference does not know add to `unknownFeatures`. Without a reference only `events` counts.
 * `sketch` was created for the same reference.
 */
export function addFeatures(
  sketch: PaneSketch,
  reference: Reference | null,
  features: Readonly<Record<string, FeatureValue>>,
): void {
  sketch.events++
  if (reference === null) return
  let known = 0
  for (const [name, counts] of sketch.features) {
    // A feature may be called `constructor`: what the event does not itself hold is missing.
    const present = Object.hasOwn(features, name)
    if (present) known++
    addValue(reference.features.get(name)!, counts, present ? features[name] : undefined)
  }
  let given = 0
  for (const _name in features) given++
  sketch.unknownFeatures += given - known
}

/**
 * Adds `from` to `into`; both count on the same reference. Counts merge in any order to the same content,
 * performance sums to the same but for their last digits.
 * @throws STATE_IMPOSSIBLE when `from` has other features, other edges or another task; see `sketchesFit`
 */
export function mergePaneSketch(into: PaneSketch, from: PaneSketch): void {
  into.events += from.events
  into.unknownFeatures += from.unknownFeatures
  for (const [name, counts] of from.features) {
    const own = into.features.get(name)
    if (own?.kind === 'numeric' && counts.kind === 'numeric') mergeNumericCounts(own.counts, counts.counts)
    else if (own?.kind === 'categorical' && counts.kind === 'categorical') {
      mergeCategoricalCounts(own.counts, counts.counts)
    } else {
      throw new DriftstreamError(
        'STATE_IMPOSSIBLE',
        `expected ${counts.kind} counts of "${name}", got ${own?.kind}`,
      )
    }
  }
  mergePerformanceCounts(into.performance, from.performance)
}

/** Can the two be merged? False where task, features, kinds or numbers of cells differ. */
export function sketchesFit(a: PaneSketch, b: PaneSketch): boolean {
  if (a.performance.task !== b.performance.task || a.features.size !== b.features.size) return false
  for (const [name, counts] of a.features) {
    const other = b.features.get(name)
    if (other?.kind !== counts.kind || cellsOf(other).length !== cellsOf(counts).length) return false
  }
  return true
}

/** A copy that shares nothing with its original. */
export function clonePaneSketch(sketch: PaneSketch): PaneSketch {
  const features = new Map<string, FeatureCounts>()
  for (const [name, counts] of sketch.features) {
    features.set(
      name,
      counts.kind === 'numeric'
        ? { kind: 'numeric', counts: { ...counts.counts, bins: counts.counts.bins.slice() } }
        : { kind: 'categorical', counts: { ...counts.counts, cells: counts.counts.cells.slice() } },
    )
  }
  const performance = { ...sketch.performance, joint: sketch.performance.joint.slice() }
  return { events: sketch.events, unknownFeatures: sketch.unknownFeatures, features, performance }
}

/** The integer cells of either kind of feature. */
export function cellsOf(counts: FeatureCounts): Uint32Array {
  return counts.kind === 'numeric' ? counts.counts.bins : counts.counts.cells
}

function createFeatureCounts(reference: FeatureReference): FeatureCounts {
  return reference.kind === 'numeric'
    ? { kind: 'numeric', counts: createNumericCounts(reference.grid) }
    : { kind: 'categorical', counts: createCategoricalCounts(reference.dictionary) }
}

function addValue(reference: FeatureReference, counts: FeatureCounts, value: FeatureValue | undefined): void {
  if (reference.kind === 'numeric' && counts.kind === 'numeric') {
    addNumeric(reference.grid, counts.counts, value)
  } else if (reference.kind === 'categorical' && counts.kind === 'categorical') {
    addCategorical(reference, counts.counts, value)
  } else {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected counts of a ${reference.kind} feature, got ${counts.kind}`,
    )
  }
}
