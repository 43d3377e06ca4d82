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
}

export const RETRAINING_DEFAULTS: RetrainingOptions = {
  holdoutShare: 0.3,
  holdoutMin: 500,
  metric: 'logLoss',
  improvementMin: 0,
  confidence: 0.95,
  bootstrapRepeats: 400,
}
