/** How one model's windows are judged. Shares and rates are fractions of 1, times milliseconds. */
export interface DetectionOptions {
  /** What a change of a numeric feature's distribution is measured by; of everything else, by the PSI. */
  readonly effect: 'psi' | 'ks' | 'wasserstein'
  /** Two-sample PSI from which a sure change is reported. */
  readonly psiWarning: number
  /** Two-sample PSI that the lower bound must reach for a feature to be drifted. */
  readonly psiDrift: number
  /** The same of the KS distance, and of the Wasserstein distance in standard deviations of the reference. */
  readonly ksWarning: number
  readonly ksDrift: number
  readonly wassersteinWarning: number
  readonly wassersteinDrift: number
  /** Below this many values in the window the verdict is `undecided`. */
  readonly sampleMin: number
  /** The same for missing and mistyped values: their test is exact, and a pipe breaks for small models, too. */
  readonly qualitySampleMin: number
  /** Rise of a missing, wrong-type, unseen or out-of-range rate that matters, absolute. */
  readonly qualityRise: number
  /** Fall of AUC, accuracy, F1 or R², or rise of the calibration error, that matters, absolute. */
  readonly performanceDrop: number
  /**
   * Whether a fall of accuracy alarms by itself where an AUC is known, too. It is what is lost at the threshold
   * that is served, and moves with the share of positives alone: only its user knows whether that matters.
   */
  readonly accuracyDecides: boolean
  /** Rise of log-loss, Brier, MAE or RMSE that matters, as a share of the reference's; of a bias, of its RMSE. */
  readonly lossRise: number
  /** Change of the label rate that matters, absolute; of a mean label, in twice their standard deviation. */
  readonly labelRateChange: number
  /** How many times as long as before labels take, or as short, that matters; above 1. */
  readonly labelDelayChange: number
}

/** What one test is judged by: the model's options, and the level that the budget gives the test. */
export interface TestOptions extends DetectionOptions {
  /** The test may call no change one with at most this probability at each look; 0 never alarms. */
  readonly alpha: number
}

export const DETECTION_DEFAULTS: DetectionOptions = {
  // For small shifts of a bell curve PSI is the square of the shift in deviations: 0.1 is a third of one.
  effect: 'psi',
  psiWarning: 0.02,
  psiDrift: 0.1,
  // About what shifts of these PSIs are.
  ksWarning: 0.06,
  ksDrift: 0.12,
  wassersteinWarning: 0.15,
  wassersteinDrift: 0.3,
  sampleMin: 200,
  qualitySampleMin: 30,
  qualityRise: 0.02,
  performanceDrop: 0.03,
  accuracyDecides: false,
  lossRise: 0.1,
  labelRateChange: 0.03,
  labelDelayChange: 1.5,
}
