import type { ConfiguredModel } from '../../src/config/options.ts'
import { BUDGET_DEFAULTS } from '../../src/detectors/budget.ts'
import { DETECTION_DEFAULTS } from '../../src/detectors/options.ts'
import { RETRAINING_DEFAULTS } from '../../src/retraining/options.ts'
import type { RolloutOptions } from '../../src/retraining/rollout-options.ts'
import type { StreamOptions } from '../../src/steps/options.ts'
import { OPEN_GUARDS } from '../../src/triggers/policy.ts'

const MINUTE_MS = 60_000

/** How the small world of `small-world.ts` is read: panes of a minute, windows of ten. */
export const smallStream: StreamOptions = {
  paneMs: MINUTE_MS,
  graceMs: 0,
  futureMaxMs: 60 * MINUTE_MS,
  pastMaxMs: 24 * 60 * MINUTE_MS,
  labelWaitMs: 30 * MINUTE_MS,
  repeatWaitMs: 5 * MINUTE_MS,
  waitingMax: 100_000,
  idleAfterMs: 10 * MINUTE_MS,
}

export const smallModel: ConfiguredModel = {
  name: 'small',
  version: '1',
  task: 'binary',
  positiveLabel: '1',
  features: new Map([
    ['x', { type: 'numeric', windowMs: null }],
    ['c', { type: 'categorical', windowMs: null }],
  ]),
  windows: {
    qualityMs: 2 * MINUTE_MS,
    dataMs: 10 * MINUTE_MS,
    performanceMs: 10 * MINUTE_MS,
    longestMs: 40 * MINUTE_MS,
    labelDelayMs: MINUTE_MS,
  },
  budget: { ...BUDGET_DEFAULTS, falseRetrains: 1000 },
  classics: [],
  detection: { ...DETECTION_DEFAULTS, sampleMin: 100 },
  policy: {
    ...OPEN_GUARDS,
    trigger: { kind: 'performance', name: 'performance', diagnoses: ['retrain'] },
    cooldownMs: 60 * MINUTE_MS,
    minimumSample: 1_500,
    trainingWindowMs: 60 * MINUTE_MS,
    deadlineMs: 24 * 60 * MINUTE_MS,
    inFlightTimeoutMs: 24 * 60 * MINUTE_MS,
  },
  retraining: { ...RETRAINING_DEFAULTS, holdoutMin: 200 },
  trainer: null,
}

/** Stages that a candidate of the small world goes through in some minutes each. */
export const smallRollout: RolloutOptions = {
  shadow: { minimumMs: 2 * MINUTE_MS, maximumMs: 30 * MINUTE_MS, labelledMin: 100, onTimeout: 'reject' },
  canary: {
    steps: [0.1, 0.4],
    stepMinimumMs: 3 * MINUTE_MS,
    maximumMs: 60 * MINUTE_MS,
    labelledMin: 20,
    onTimeout: 'rollback',
  },
  watch: { durationMs: 5 * MINUTE_MS },
  harm: 0.05,
  proof: 0.05,
  margin: 0.01,
}
