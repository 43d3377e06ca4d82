import type { BudgetOptions } from '../detectors/budget.ts'
import type { FeatureEffect } from '../detectors/effect.ts'
import type { ModeChoice } from '../detectors/expert-modes.ts'
import type { DetectionOptions } from '../detectors/options.ts'
import type { RetrainingOptions } from '../retraining/options.ts'
import type { RolloutOptions } from '../retraining/rollout-options.ts'
import type { Task } from '../sketches/types.ts'
import type { TriggerPolicy } from '../triggers/policy.ts'

/** What a feature counts as. A value of another type is counted as `wrongType`, never coerced. */
export type FeatureType = 'numeric' | 'categorical'

export interface FeatureOptions {
  readonly type: FeatureType
  /** Window of this feature's drift verdict where it differs from the model's `windows.dataMs`. */
  readonly windowMs: number | null
  /** What a change of a numeric feature is measured by where that differs from the model's `detection.effect`. */
  readonly effect?: FeatureEffect | null
}

/**
 * Lengths of the base windows that end at every closing pane; multiples of the pane. Distributions and
 * performance are judged in windows of 1, 2, 4 … bases as well.
 */
export interface WindowOptions {
  /** Missing, wrong type, unseen, out of range: rates know no daily cycle, so this can be one pane. */
  readonly qualityMs: number
  /** Distributions: a whole number of the stream's natural periods (a day, a week). */
  readonly dataMs: number
  readonly performanceMs: number
  /** The doublings of a base end here; a base that is longer is judged alone. */
  readonly longestMs: number
  /**
   * Labels of a pane count as complete this long after its end. Performance windows end this much earlier:
   * labels that come soon are not like labels that come late (a delayed flight lands later), and a window
   * that holds only the quick ones would lie.
   */
  readonly labelDelayMs: number
}

/** How a version without a reference learns one from its own first events; both numbers are events. */
export interface LearningOptions {
  /** Edges are cut when the closed panes hold so many. */
  readonly cutAt: number
  /** Counts are complete, and judging begins, when the panes counted on those edges hold so many. */
  readonly countUntil: number
}

/** Everything the three steps need to know of one model. */
export interface ModelOptions {
  readonly name: string
  /** The champion before any promotion. */
  readonly version: string
  readonly task: Task
  /** binary: the label (as text) that counts as positive. */
  readonly positiveLabel: string
  readonly features: ReadonlyMap<string, FeatureOptions>
  readonly windows: WindowOptions
  /** How many false alarms may come of all that is judged. */
  readonly budget: BudgetOptions
  readonly detection: DetectionOptions
  /** Expert modes beside the tests; none by default. */
  readonly classics: readonly ModeChoice[]
  readonly policy: TriggerPolicy
  readonly retraining: RetrainingOptions
  /** Absent: a candidate that passed its gates gets all traffic at once, and is not watched. */
  readonly rollout?: RolloutOptions
  /** Absent: a version without a reference is counted and never judged. */
  readonly learning?: LearningOptions
}

/** How a source topic is read, the same for every model on it. */
export interface StreamOptions {
  readonly paneMs: number
  /** A pane closes when the watermark has passed its end by this much. */
  readonly graceMs: number
  /** Event time may lie this far from the record's own timestamp; beyond, it is a dead letter. */
  readonly futureMaxMs: number
  readonly pastMaxMs: number
  /** A prediction waits this long (in event time) for its label, a label as long for its prediction. */
  readonly labelWaitMs: number
  /**
   * What has met is known again for as long by repeats and second answers, in event time, also after a restart;
   * one that need not restart knows it for `labelWaitMs`.
   */
  readonly repeatWaitMs: number
  /** Waiting predictions and labels per model in one task; beyond, the oldest expire. */
  readonly waitingMax: number
  /** A task to which no feature event came for this long, by the clock of its process, is idle. */
  readonly idleAfterMs: number
}
