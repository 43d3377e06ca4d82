import { NEYMAN_COMPONENTS } from '../statistics/neyman-basis.ts'

/**
 * How a reference's own rows lie from one base window to the next.
 *
 * Whether rows are independent of one another no test on their sum can tell; it shows in how much windows of
 * them differ. So a reference keeps, for each window of its rows that it holds whole, what the tests on
 * windows read: counts, and the sums of a few components of each distribution.
 */

/** The newest windows kept. */
export const REFERENCE_PANES_MAX = 256

/** Fewer cannot tell rows that depend on one another from rows that do not. */
export const REFERENCE_PANES_AMPLE = 30

/** Components of a distribution: location, scale, skew and tails where it has more than four cells. */
export const PANE_COMPONENTS_MAX = NEYMAN_COMPONENTS.length

/**
 * One distribution in each window. The sums are of the components at the values' cells, which over all of the
 * reference's values have mean 0, variance 1 and no correlation. Both follow from whole counts.
 */
export interface DistributionPanes {
  /** Per window: values in a cell. */
  readonly n: Float64Array
  /** Per window: what was no value: missing, malformed or of another type; predictions without a score. */
  readonly odd: Float64Array
  /** Components there are: one less than the cells that hold anything, four at most, none of a constant. */
  readonly components: number
  /** `sums[window * components + component]`; each within n^0.5 / 128 of the exact sum. */
  readonly sums: Float64Array
}

/** What became of the predictions of each window. An array of the other task's is empty. */
export interface OutcomePanes {
  /** Labelled predictions. */
  readonly n: Float64Array
  /** Labelled predictions with a score: the denominators of log-loss and Brier score. */
  readonly scored: Float64Array
  readonly correct: Float64Array
  /** binary: labels that count as positive. */
  readonly positives: Float64Array
  /** Labels that came within the time they were waited for; of a file's rows none is known. */
  readonly delayed: Float64Array
  /** Those later than the reference's median delay, and than nine of ten of its labels. */
  readonly afterMedian: Float64Array
  readonly afterMost: Float64Array
  /** Sums over the scored. */
  readonly logLoss: Float64Array
  readonly brier: Float64Array
  /** regression: sums of |error|, of its square, and of the labels. */
  readonly absolute: Float64Array
  readonly squared: Float64Array
  readonly label: Float64Array
  /**
   * binary: area under the ROC curve, and its standard error were rows independent, which is 0 in windows
   * with fewer than 10 values of a class. Empty in references made before they were kept.
   */
  readonly auc: Float64Array
  readonly aucError: Float64Array
}

export const OUTCOME_PANE_COUNTS = ['n', 'scored', 'correct', 'positives'] as const
export const OUTCOME_PANE_SUMS = ['logLoss', 'brier', 'absolute', 'squared', 'label'] as const
/** What the second encoding has beside them. */
export const LATER_PANE_COUNTS = ['delayed', 'afterMedian', 'afterMost'] as const
export const LATER_PANE_SUMS = ['auc', 'aucError'] as const

/** A reference's base windows, in rising order of time: K of them, 1 to 256, each with at least one row. */
export interface ReferencePanes {
  /** Length of a window; windows begin at its multiples from the epoch on. */
  readonly windowMs: number
  /** Per window: its start, epoch ms. Windows without rows are left out. */
  readonly starts: Float64Array
  /** Per window: rows. */
  readonly rows: Float64Array
  /** In the reference's order of features. */
  readonly features: ReadonlyMap<string, DistributionPanes>
  /** Scores of predictions, labelled or not; null where the reference holds none. */
  readonly scores: DistributionPanes | null
  /** multiclass: classes in falling order of share; regression: labels on the signed bins; else null. */
  readonly labels: DistributionPanes | null
  /** Null where the reference holds no outcomes. */
  readonly outcomes: OutcomePanes | null
}

/**
 * The mean of each component in each window that has at least `valuesMin` values, oldest first: rows of what
 * a test against windows takes the scatter from. Empty where the distribution has no component.
 */
export function paneMeans(panes: DistributionPanes, valuesMin = 1): Float64Array[] {
  const { n, components, sums } = panes
  const means: Float64Array[] = []
  if (components === 0) return means
  for (let pane = 0; pane < n.length; pane++) {
    if (n[pane]! < valuesMin) continue
    const at = pane * components
    means.push(sums.subarray(at, at + components).map((sum) => sum / n[pane]!))
  }
  return means
}
