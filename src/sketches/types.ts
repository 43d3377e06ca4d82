import type { ReferenceSource } from '../events/reference-event.ts'
import type { ReferencePanes } from './reference-panes.ts'

/**
 * The data of the sketches, without behaviour: what is counted, on what edges, and how it is laid out.
 * Everything mergeable here merges by integer addition (and min/max), so any order, any partitioning and
 * any replay gives the same content.
 */

/** Counts of cells as a reader sees them: doubles only where one has passed 2^32 - 1. */
export type CellCounts = Uint32Array | Float64Array

/**
 * Frozen edges of one numeric feature. `edges` (length B-1, strictly increasing) make B bins:
 * bin 0 is `x < edges[0]`, bin j is `edges[j-1] <= x < edges[j]`, the last is `x >= edges[B-2]`.
 * A value holding much mass (an atom) has a bin of its own: edges at v and at the next double above v.
 */
export interface NumericGrid {
  readonly edges: Float64Array
}

/** Counts of one numeric feature on a grid: `bins.length === edges.length + 1`. */
export interface NumericCounts {
  readonly bins: CellCounts
  missing: number
  nan: number
  /** +Infinity and -Infinity together. */
  infinite: number
  wrongType: number
  /** Of the finite values; +Infinity and -Infinity where there is none yet. */
  min: number
  max: number
}

/** Frozen dictionary: `categories` in falling order of reference count; the index is a derived look-up. */
export interface CategoryDictionary {
  readonly categories: readonly string[]
  readonly index: ReadonlyMap<string, number>
}

/**
 * Counts of one categorical feature. `cells.length === categories.length + 2`: after the categories come
 * `other` (seen in the reference, not among the kept) and `unseen`.
 */
export interface CategoricalCounts {
  readonly cells: CellCounts
  missing: number
  wrongType: number
}

export type Task = 'binary' | 'multiclass' | 'regression'

/** Number of equal-width score bins on [0, 1]; AUC of scores spread over them is within 3e-5 of exact. */
export const SCORE_BINS = 128

/**
 * What labels say of predictions, and how the scores of all predictions lie. Whole numbers throughout, so
 * that any order of merging gives the same content; `outcome-layout.ts` says what stands where in the
 * arrays. Each of them is empty until something is counted in it: a pane without outcomes costs nothing.
 */
export interface PerformanceCounts {
  readonly task: Task
  /** multiclass: classes of the reference's dictionary, once something was counted by them; else 0. */
  classCount: number
  /** Labelled predictions. */
  n: number
  /** Labelled predictions with a usable score: the denominators of log-loss, Brier and AUC. */
  scored: number
  correct: number
  truePositives: number
  falsePositives: number
  trueNegatives: number
  falseNegatives: number
  /** Labelled predictions by score bin and label: `2 * bin + hit`; one class after the other. */
  joint: Uint32Array
  /** multiclass: `actual * (classCount + 1) + predicted`, `other` last. */
  confusion: Uint32Array
  /** Exact sums of losses or errors and of their powers. */
  sums: Float64Array
  /** Sums of the scores of labelled predictions by calibration bin; multiclass by class. */
  calibration: Float64Array
  /** All predictions, labelled or not, by predicted class and score bin. */
  scores: Uint32Array
  /** Sums of the scores of all predictions by score bin. */
  scoreSums: Float64Array
  /** regression: signed errors and labels on the bins of `signed-bins.ts`. */
  errors: Uint32Array
  labels: Uint32Array
  /** Labels by the time from the prediction's event to the label's, on the cells of `label-delays.ts`. */
  delays: Uint32Array
}

export interface NumericReference {
  readonly kind: 'numeric'
  readonly grid: NumericGrid
  readonly counts: NumericCounts
}

export interface CategoricalReference {
  readonly kind: 'categorical'
  readonly dictionary: CategoryDictionary
  readonly counts: CategoricalCounts
}

export type FeatureReference = NumericReference | CategoricalReference

/** What "normal" is for one model version: the edges everything is counted on, and the counts themselves. */
export interface Reference {
  /** Hash of the content: two references with the same id count alike. */
  readonly id: string
  readonly model: string
  readonly version: string
  readonly createdAt: number
  /** Rows it was built from. */
  readonly m: number
  readonly task: Task
  /** multiclass: the classes counted one by one, in falling order of count. */
  readonly classes?: CategoryDictionary | null
  readonly features: ReadonlyMap<string, FeatureReference>
  /** From rows the version was not trained on; null when no labelled, scored rows were given. */
  readonly performance: PerformanceCounts | null
  readonly source?: ReferenceSource
  /** `cut`: edges to count on, every count still zero; never judged against. Absent: ready. */
  readonly stage?: 'cut' | 'ready'
  /** What counts on these edges are called where it is not `id`; see `gridIdOf`. */
  readonly gridId?: string
  /** Learned from the stream: end of the last pane that fed it, epoch ms. */
  readonly learnedUntil?: number
  /** Learned from the stream: labels were waited for this long after their pane, ms; later ones are not in. */
  readonly labelDelayMs?: number
  /** How its rows lie from one base window to the next; null or absent where their times are not known. */
  readonly panes?: ReferencePanes | null
}

export type FeatureCounts =
  | { readonly kind: 'numeric'; readonly counts: NumericCounts }
  | { readonly kind: 'categorical'; readonly counts: CategoricalCounts }

/** How the cells of a block are divided among the features, in the reference's order of features. */
export interface BlockShape {
  /** Per feature: 0 numeric, 1 categorical. */
  readonly kinds: Uint8Array
  /** Feature i has the cells from `offsets[i]` up to `offsets[i + 1]`. */
  readonly offsets: Int32Array
}

/** One value of a categorical feature that the dictionary did not hold; the rank decides who stays sampled. */
export interface UnseenOccurrence {
  /** 32 bits of a hash of where it came from. */
  readonly rank: number
  readonly value: string
}

/**
 * All counts of all features of one pane, in one array.
 *
 * numeric, B bins: B bins, then `missing`, `nan`, `infinite`, `wrongType`, then `TAIL_LEVELS` counts of
 * distances below the first edge and as many above the last. categorical, K categories: K + 2 cells, then
 * `missing`, `wrongType`. A cell wraps at 2^32; `carries` then holds its high word.
 */
export interface FeatureBlock {
  readonly shape: BlockShape
  readonly cells: Uint32Array
  /** Per feature the least and the greatest finite value; +Infinity and -Infinity where there is none. */
  readonly extremes: Float64Array
  /** Cell to high word, none of them 0; null where no cell ever wrapped. */
  carries: Map<number, number> | null
  /** By feature, each list rising in rank, then value; null where nothing was unseen. */
  unseen: Map<number, readonly UnseenOccurrence[]> | null
}

/**
 * All counts of one (model, version, pane). `block` is null where no features were counted: a version
 * without a reference, or a pane into which only late labels were booked.
 */
export interface PaneSketch {
  /** Predictions in the pane. */
  events: number
  /** Features in events that the reference does not know, counted once per value. */
  unknownFeatures: number
  block: FeatureBlock | null
  readonly performance: PerformanceCounts
}
