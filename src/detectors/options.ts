/** How one model's windows are judged. Shares and rates are fractions of 1, times milliseconds. */
export interface DetectionOptions {
  /** Two-sample PSI from which a feature is reported; its lower bound must reach it to be drifted. */
  readonly psiWarning: number
  /** Two-sample PSI from which a feature counts as drifted. */
  readonly psiDrift: number
  /** A verdict also needs its p-value below this. */
  readonly significance: number
  /** Below this many values in the window the verdict is `undecided`. */
  readonly sampleMin: number
  /** Rise of a missing, wrong-type, unseen or out-of-range rate that matters, absolute. */
  readonly qualityRise: number
  /** Fall of AUC, accuracy, F1 or R², or rise of the calibration error, that matters, absolute. */
  readonly performanceDrop: number
  /** Rise of log-loss, Brier, MAE or RMSE that matters, as a share of the reference's; of a bias, of its RMSE. */
  readonly lossRise: number
  /** Change of the label rate that matters, absolute; of a mean label, in twice their standard deviation. */
  readonly labelRateChange: number
}

export const DETECTION_DEFAULTS: DetectionOptions = {
  // 0.1 and 0.25 are the field's rule of thumb; under no drift they are crossed by chance only in small
  // windows, which `sampleMin` and `significance` exclude.
  psiWarning: 0.1,
  psiDrift: 0.25,
  significance: 1e-6,
  sampleMin: 200,
  qualityRise: 0.02,
  performanceDrop: 0.03,
  lossRise: 0.1,
  labelRateChange: 0.03,
}
