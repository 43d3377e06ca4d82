/** What the gates hold a candidate and its training set to, besides the comparison on the holdout. */
export interface GateOptions {
  /** Fewest events of the training range with a label, as a share of all of them, 0 to 1. */
  readonly labelCoverageMin: number
  /** How much more often than in the reference a feature may be unusable before a stretch counts as broken. */
  readonly unusableRiseMax: number
  /** Least share of the labelled events that lies in sound stretches; the others are never learned from. */
  readonly soundShareMin: number
  /** How old the newest labelled event may be when the retrain is asked for. */
  readonly stalenessMaxMs: number
  /** Largest calibration error of a binary challenger, 0 to 1. */
  readonly calibrationErrorMax: number
  /** Fewest holdout events of a segment that is judged by itself. */
  readonly segmentMin: number
  /** How much a segment may surely lose, in the metric's unit; null: none may be shown to lose. */
  readonly segmentLossMax: number | null
  /** How much may be lost on what came before the training range; null: the loss is told, and allowed. */
  readonly oldRegimeLossMax: number | null
  /** Most events of the time before the training range that are asked of the challenger; 0 for none. */
  readonly oldRegimeRows: number
}

/** How a candidate is trained and judged. */
export interface RetrainingOptions {
  /** Share of the labelled events of the training range, the latest ones, kept from the trainer; 0 to 1. */
  readonly holdoutShare: number
  /** Fewest holdout events on which champion and challenger can be compared. */
  readonly holdoutMin: number
  /** What the gate compares: a loss for `logLoss`, `brier`, `mae`, `rmse`; a gain for `auc`, `accuracy`. */
  readonly metric: 'logLoss' | 'brier' | 'auc' | 'accuracy' | 'mae' | 'rmse'
  /** How much better the challenger must surely be, in the metric's unit; negative allows being worse. */
  readonly improvementMin: number
  /** Confidence of the interval the gate reads, e.g. 0.95. */
  readonly confidence: number
  readonly bootstrapRepeats: number
  /** How the interval draws the events: one by one, or in blocks as long as neighbours err alike. */
  readonly draws: 'rows' | 'blocks'
  readonly gates: GateOptions
}

export const GATE_DEFAULTS: GateOptions = {
  // A join that broke leaves next to nothing; streams that audit a share of their events set their own.
  labelCoverageMin: 0.1,
  unusableRiseMax: 0.02,
  soundShareMin: 0.8,
  stalenessMaxMs: 7 * 86_400_000,
  calibrationErrorMax: 0.1,
  segmentMin: 200,
  segmentLossMax: null,
  // Where the world itself has turned, every good candidate is bad at the old one.
  oldRegimeLossMax: null,
  oldRegimeRows: 5_000,
}

export const RETRAINING_DEFAULTS: RetrainingOptions = {
  holdoutShare: 0.3,
  holdoutMin: 500,
  metric: 'logLoss',
  improvementMin: 0,
  confidence: 0.95,
  bootstrapRepeats: 400,
  // Blocks hold the confidence on streams with memory, and refuse more good candidates there (docs/retraining.md).
  draws: 'rows',
  gates: GATE_DEFAULTS,
}
