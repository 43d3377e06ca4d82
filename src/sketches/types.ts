/**
 * The data of the sketches, without behaviour: what is counted, on what edges, and how it is laid out.
 * Everything mergeable here merges by integer addition (and min/max), so any order, any partitioning and
 * any replay gives the same content.
 */

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
  readonly bins: Uint32Array
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
  readonly cells: Uint32Array
  missing: number
  wrongType: number
}

export type Task = 'binary' | 'multiclass' | 'regression'

/** Number of equal-width score bins on [0, 1]; AUC from 128 bins is within 3e-5 of exact. */
export const SCORE_BINS = 128

/**
 * What labels say of predictions. Sums are doubles: they are reported, never compared byte by byte.
 * binary and multiclass: `n`, `correct`, losses; binary also the confusion counts and `joint`.
 * regression: `n`, absolute and squared errors.
 */
export interface PerformanceCounts {
  readonly task: Task
  /** Labelled predictions. */
  n: number
  /** Labelled predictions with a usable score: the denominators of log-loss, Brier and AUC. */
  scored: number
  correct: number
  truePositives: number
  falsePositives: number
  trueNegatives: number
  falseNegatives: number
  logLossSum: number
  logLossSquareSum: number
  brierSum: number
  brierSquareSum: number
  absoluteErrorSum: number
  squaredErrorSum: number
  quarticErrorSum: number
  /** binary: `joint[2 * bin + (positive ? 1 : 0)]`, length 2 * SCORE_BINS; otherwise empty. */
  readonly joint: Uint32Array
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
  readonly features: ReadonlyMap<string, FeatureReference>
  /** From rows the version was not trained on; null when no labelled, scored rows were given. */
  readonly performance: PerformanceCounts | null
}

export type FeatureCounts =
  | { readonly kind: 'numeric'; readonly counts: NumericCounts }
  | { readonly kind: 'categorical'; readonly counts: CategoricalCounts }

/**
 * All counts of one (model, version, pane). `features` has exactly the reference's features and is empty
 * when the version has no reference: then only `events` and `performance` are counted.
 */
export interface PaneSketch {
  /** Predictions in the pane. */
  events: number
  /** Features in events that the reference does not know, counted once per value. */
  unknownFeatures: number
  readonly features: Map<string, FeatureCounts>
  readonly performance: PerformanceCounts
}
