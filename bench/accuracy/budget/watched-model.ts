import { BUDGET_DEFAULTS } from '../../../src/detectors/budget.ts'
import { DETECTION_DEFAULTS, type DetectionOptions } from '../../../src/detectors/options.ts'
import { RETRAINING_DEFAULTS } from '../../../src/retraining/options.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import type { Reference } from '../../../src/sketches/types.ts'
import type { ModelOptions, WindowOptions } from '../../../src/steps/options.ts'
import { OPEN_GUARDS } from '../../../src/triggers/policy.ts'

/**
 * Every effect matters, however small: the levels alone stand between chance and an alarm. Of the PSI even a
 * lower bound of 0 is enough: above 0 it would ask for a second significance, on its own cells.
 */
export const NO_GATES: DetectionOptions = {
  ...DETECTION_DEFAULTS,
  psiWarning: 0,
  psiDrift: 0,
  qualityRise: 1e-9,
  performanceDrop: 1e-9,
  accuracyDecides: true,
  lossRise: 1e-9,
  labelRateChange: 1e-9,
  labelDelayChange: 1 + 1e-9,
}

export interface WatchedModel {
  readonly features: ReadonlyMap<string, 'numeric' | 'categorical'>
  readonly windows: WindowOptions
  readonly falseRetrains: number
  readonly perMs: number
  readonly detection: DetectionOptions
}

/** A binary model that is watched as a configuration file would have it, and never retrained. */
export function watchedModel({
  features,
  windows,
  falseRetrains,
  perMs,
  detection,
}: WatchedModel): ModelOptions {
  const dayMs = 86_400_000
  return {
    name: 'watched',
    version: '1',
    task: 'binary',
    positiveLabel: '1',
    features: new Map([...features].map(([name, type]) => [name, { type, windowMs: null }])),
    windows,
    budget: { ...BUDGET_DEFAULTS, falseRetrains, perMs },
    classics: [],
    detection,
    policy: {
      ...OPEN_GUARDS,
      trigger: { kind: 'performance', name: 'performance', diagnoses: ['retrain'] },
      cooldownMs: dayMs,
      minimumSample: Number.MAX_SAFE_INTEGER,
      trainingWindowMs: dayMs,
      deadlineMs: dayMs,
      inFlightTimeoutMs: dayMs,
    },
    retraining: RETRAINING_DEFAULTS,
  }
}

type ReferenceParts = Parameters<typeof buildReference>[0]

/** What is normal for such a model, by rows of its features with their outcomes. */
export function watchedReference(
  { name, version, task, positiveLabel, features }: ModelOptions,
  parts: Pick<ReferenceParts, 'createdAt' | 'rows' | 'windowMs' | 'covered'>,
): Reference {
  const types = new Map([...features].map(([feature, { type }]) => [feature, type]))
  return buildReference({ model: name, version, task, positiveLabel, features: types, ...parts })
}
