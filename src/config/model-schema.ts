import { z } from 'zod'
import { BUDGET_DEFAULTS } from '../detectors/budget.ts'
import { EFFECT_MEASURES, EFFECT_UNITS } from '../detectors/effect.ts'
import { EXPERT_MODES } from '../detectors/expert-modes.ts'
import { DETECTION_DEFAULTS } from '../detectors/options.ts'
import { APPROVAL_DEFAULTS } from '../retraining/approval.ts'
import { GATE_DEFAULTS, RETRAINING_DEFAULTS } from '../retraining/options.ts'
import { REFERENCE_ROWS_MIN } from '../sketches/reference-fitness.ts'
import { LEARNING_DEFAULTS, TRAINER_TIME_LIMIT_MS, WEBHOOK_TIME_LIMIT_MS } from './defaults.ts'
import { expertMode } from './expert-mode-schema.ts'
import { predictorSchema } from './predictor-schema.ts'
import { rolloutSchema } from './rollout-schema.ts'
import {
  duration,
  factor,
  finiteNumber,
  list,
  named,
  oneOf,
  part,
  positiveNumber,
  section,
  share,
  shareOrAll,
  text,
  trueOrFalse,
  version,
  wholeNumber,
  wordOrNumber,
} from './scalars.ts'
import { triggersSchema } from './triggers-schema.ts'

/** `effect: ks` is short for `effect: { measure: ks }`. */
const featureEffect = z.preprocess(
  (raw) => (typeof raw === 'string' ? { measure: raw } : raw),
  z.strictObject(
    {
      measure: oneOf(EFFECT_MEASURES),
      warning: positiveNumber().optional(),
      drift: positiveNumber().optional(),
      unit: oneOf(EFFECT_UNITS).optional(),
    },
    { error: `${EFFECT_MEASURES.join(', ')}, or a section of measure, warning, drift, unit` },
  ),
)

/** `distance: numeric` is short for `distance: { type: numeric }`. */
const feature = z.preprocess(
  (raw) => (typeof raw === 'string' ? { type: raw } : raw),
  z.strictObject(
    {
      type: oneOf(['numeric', 'categorical']),
      window: duration().optional(),
      effect: featureEffect.optional(),
    },
    { error: 'numeric, categorical, or a section of type, window, effect' },
  ),
)

/** Lengths left out follow from the stream's pane and label wait. */
const windows = section({
  quality: duration().optional(),
  data: duration().optional(),
  performance: duration().optional(),
  longest: duration().optional(),
  labelDelay: duration(0).optional(),
})

const budget = section({
  falseRetrains: positiveNumber().default(BUDGET_DEFAULTS.falseRetrains),
  per: duration().default(BUDGET_DEFAULTS.perMs),
  shares: section({
    outcomes: part().default(BUDGET_DEFAULTS.shares.outcomes),
    score: part().default(BUDGET_DEFAULTS.shares.score),
    features: part().default(BUDGET_DEFAULTS.shares.features),
  }),
})

const detection = section({
  psiWarning: positiveNumber().default(DETECTION_DEFAULTS.psiWarning),
  psiDrift: positiveNumber().default(DETECTION_DEFAULTS.psiDrift),
  effect: oneOf(EFFECT_MEASURES).default(DETECTION_DEFAULTS.effect),
  ksWarning: share().default(DETECTION_DEFAULTS.ksWarning),
  ksDrift: share().default(DETECTION_DEFAULTS.ksDrift),
  wassersteinWarning: positiveNumber().default(DETECTION_DEFAULTS.wassersteinWarning),
  wassersteinDrift: positiveNumber().default(DETECTION_DEFAULTS.wassersteinDrift),
  sampleMin: wholeNumber(1).default(DETECTION_DEFAULTS.sampleMin),
  qualitySampleMin: wholeNumber(1).default(DETECTION_DEFAULTS.qualitySampleMin),
  qualityRise: share().default(DETECTION_DEFAULTS.qualityRise),
  performanceDrop: share().default(DETECTION_DEFAULTS.performanceDrop),
  accuracyDecides: trueOrFalse().default(DETECTION_DEFAULTS.accuracyDecides),
  lossRise: positiveNumber().default(DETECTION_DEFAULTS.lossRise),
  labelRateChange: share().default(DETECTION_DEFAULTS.labelRateChange),
  labelDelayChange: factor().default(DETECTION_DEFAULTS.labelDelayChange),
  classics: z.array(expertMode, { error: `a list of ${EXPERT_MODES.join(', ')}` }).default([]),
})

/** A secret is named by the file or the environment variable that holds it. */
const webhook = z.strictObject(
  {
    url: text('an http or https address', (raw) => /^https?:$/.test(URL.parse(raw)?.protocol ?? '')),
    secretFile: text('a path').nullish(),
    secretVariable: text('the name of an environment variable', (raw) =>
      /^[A-Za-z_][A-Za-z0-9_]*$/.test(raw),
    ).nullish(),
    requestTimeLimit: duration().default(WEBHOOK_TIME_LIMIT_MS),
  },
  { error: 'a section of url, secretFile, secretVariable, requestTimeLimit' },
)

const trainer = section({
  command: list('a list: the program and its arguments', wordOrNumber('text')).optional(),
  webhook: webhook.nullish(),
  timeLimit: duration().default(TRAINER_TIME_LIMIT_MS),
  lost: oneOf(['fail', 'restart']).default('fail'),
  restartsMax: wholeNumber(1, 10).default(1),
  workingDirectory: text('the path of a directory').optional(),
  environment: named(
    {
      expected: 'environment variables by name',
      expectedName: 'the name of an environment variable',
      accepts: (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
      min: 0,
    },
    wordOrNumber('text'),
  ).optional(),
})

const gates = section({
  labelCoverage: shareOrAll().default(GATE_DEFAULTS.labelCoverageMin),
  unusableRise: shareOrAll().default(GATE_DEFAULTS.unusableRiseMax),
  soundShare: shareOrAll().default(GATE_DEFAULTS.soundShareMin),
  staleness: duration().optional(),
  calibrationError: shareOrAll().default(GATE_DEFAULTS.calibrationErrorMax),
  segmentMin: wholeNumber(2).default(GATE_DEFAULTS.segmentMin),
  segmentLoss: finiteNumber().nullish(),
  oldRegimeLoss: finiteNumber().nullish(),
  oldRegimeRows: wholeNumber(0, 100_000).default(GATE_DEFAULTS.oldRegimeRows),
})

const approval = section({
  required: trueOrFalse().default(APPROVAL_DEFAULTS.required),
  timeout: duration().default(APPROVAL_DEFAULTS.timeoutMs),
  onTimeout: oneOf(['reject', 'promote']).default(APPROVAL_DEFAULTS.onTimeout),
  before: oneOf(['canary', 'promotion']).default('canary'),
})

const retraining = section({
  holdoutShare: share().default(RETRAINING_DEFAULTS.holdoutShare),
  holdoutMin: wholeNumber(2).default(RETRAINING_DEFAULTS.holdoutMin),
  metric: oneOf(['logLoss', 'brier', 'auc', 'accuracy', 'mae', 'rmse']).optional(),
  improvementMin: finiteNumber().default(RETRAINING_DEFAULTS.improvementMin),
  confidence: share().default(RETRAINING_DEFAULTS.confidence),
  bootstrapRepeats: wholeNumber(100, 100_000).default(RETRAINING_DEFAULTS.bootstrapRepeats),
  draws: oneOf(['rows', 'blocks']).default(RETRAINING_DEFAULTS.draws),
  gates,
  approval,
  rollout: rolloutSchema,
  predictor: predictorSchema,
  trainer: trainer.optional(),
})

/** Rows of a sample are held in memory by every observer; fewer counts than a thousand judge nothing. */
const reference = section({
  learn: trueOrFalse().default(LEARNING_DEFAULTS.learn),
  cutAt: wholeNumber(1_000, 100_000).default(LEARNING_DEFAULTS.cutAt),
  countUntil: wholeNumber(REFERENCE_ROWS_MIN).default(LEARNING_DEFAULTS.countUntil),
})

/** One model of the file. */
export const modelSchema = section({
  version: version(),
  task: oneOf(['binary', 'multiclass', 'regression']),
  positiveLabel: wordOrNumber('the label that counts as positive').optional(),
  features: named(
    {
      expected: 'at least one feature by name',
      expectedName: 'the name of a feature',
      accepts: (name) => name !== '',
      min: 1,
    },
    feature,
  ),
  reference,
  windows,
  budget,
  detection,
  triggers: triggersSchema,
  retraining,
})

export type ModelEntry = z.infer<typeof modelSchema>
export type EffectEntry = z.infer<typeof featureEffect>
