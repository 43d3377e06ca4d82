import type { RetrainingOptions } from '../retraining/options.ts'

/** The metrics a gate can compute from one score and one label; the first is the default of the task. */
export const METRICS_BY_TASK: ReadonlyMap<string, readonly RetrainingOptions['metric'][]> = new Map([
  ['binary', ['logLoss', 'brier', 'auc', 'accuracy']],
  ['multiclass', ['accuracy']],
  ['regression', ['rmse', 'mae']],
])
