import type { Finding } from '../events/finding.ts'
import type { Task } from '../sketches/types.ts'
import type { BudgetPart } from './budget.ts'

/** One question asked at every look, at one window length: what the budget is divided among. */
export interface JudgedTest {
  readonly part: BudgetPart
  readonly detector: Finding['detector']
  readonly subject: string
  readonly statistic: string
  readonly windowMs: number
}

/** What there is to judge of one model. Window lengths in ms, rising. */
export interface JudgedModel {
  readonly task: Task
  readonly features: readonly {
    readonly name: string
    readonly kind: 'numeric' | 'categorical'
    readonly windowsMs: readonly number[]
  }[]
  readonly qualityMs: number
  /** Of scores and predictions. */
  readonly scoreWindowsMs: readonly number[]
  readonly performanceWindowsMs: readonly number[]
  readonly paneMs: number
  /** Scores were counted in the reference. */
  readonly hasScores: boolean
  /** The reference knows which score the labels followed: without it nothing can be estimated. */
  readonly hasCalibration: boolean
  /** The reference knows outcomes, and labels come. */
  readonly hasOutcomes: boolean
}

/** Rates of values that are no use, by kind of feature; each has a finding of its own. */
const QUALITY_RATES = {
  numeric: ['missing-rate', 'wrong-type-rate', 'out-of-range-rate', 'unit-factor'],
  categorical: ['missing-rate', 'wrong-type-rate', 'unseen-rate'],
} as const

/** Metrics that may alarm by themselves; the others are reported beside them. */
const DECIDING_METRICS: Readonly<Record<Task, readonly string[]>> = {
  binary: ['auc', 'accuracy', 'log-loss', 'brier'],
  multiclass: ['auc', 'accuracy', 'log-loss', 'brier'],
  regression: ['mae', 'rmse'],
}

/**
 * Every test of a model that can raise an alarm, so every test that costs budget. What is only reported
 * beside a test (PSI, KS, precision, expert modes …) is not among them.
 */
export function judgedTests(model: JudgedModel): JudgedTest[] {
  return [...outcomeTests(model), ...scoreTests(model), ...featureTests(model)]
}

/** How many tests each part has. */
export function countTests(tests: readonly JudgedTest[]): Record<BudgetPart, number> {
  const counts = { outcomes: 0, score: 0, features: 0 }
  for (const { part } of tests) counts[part]++
  return counts
}

function featureTests({ features, qualityMs }: JudgedModel): JudgedTest[] {
  return features.flatMap(({ name, kind, windowsMs }) => {
    const test = (detector: Finding['detector'], statistic: string, windowMs: number): JudgedTest => ({
      part: 'features',
      detector,
      subject: name,
      statistic,
      windowMs,
    })
    return [
      ...windowsMs.map((windowMs) => test(`${kind}-drift`, 'omnibus', windowMs)),
      ...QUALITY_RATES[kind].map((statistic) => test('data-quality', statistic, qualityMs)),
      ...windowsMs.slice(0, 1).map((windowMs) => test('data-quality', 'constant', windowMs)),
    ]
  })
}

function scoreTests({ scoreWindowsMs, hasScores, hasCalibration }: JudgedModel): JudgedTest[] {
  if (!hasScores) return []
  return scoreWindowsMs.flatMap((windowMs): JudgedTest[] => [
    { part: 'score', detector: 'score-drift', subject: 'score', statistic: 'omnibus', windowMs },
    { part: 'score', detector: 'prediction-drift', subject: 'prediction', statistic: 'omnibus', windowMs },
    ...(hasCalibration
      ? [
          {
            part: 'score',
            detector: 'estimated-performance',
            subject: 'accuracy',
            statistic: 'accuracy',
            windowMs,
          } as const,
        ]
      : []),
  ])
}

function outcomeTests({ task, performanceWindowsMs, paneMs, hasOutcomes }: JudgedModel): JudgedTest[] {
  if (!hasOutcomes) return []
  const labels = task === 'regression' ? ['label-mean', 'psi'] : [LABEL_RATES[task]]
  return [
    ...performanceWindowsMs.flatMap((windowMs): JudgedTest[] => [
      ...DECIDING_METRICS[task].map(
        (metric) =>
          ({
            part: 'outcomes',
            detector: 'performance',
            subject: metric,
            statistic: metric,
            windowMs,
          }) as const,
      ),
      ...labels.map(
        (statistic) =>
          ({ part: 'outcomes', detector: 'label-drift', subject: 'label', statistic, windowMs }) as const,
      ),
    ]),
    ...performanceWindowsMs.slice(0, 1).map(
      (windowMs) =>
        ({
          part: 'outcomes',
          detector: 'label-coverage',
          subject: 'label',
          statistic: 'coverage',
          windowMs,
        }) as const,
    ),
    ...(task === 'regression'
      ? []
      : [
          {
            part: 'outcomes',
            detector: 'performance',
            subject: 'error-rate',
            statistic: 'e-detector',
            windowMs: paneMs,
          } as const,
        ]),
  ]
}

const LABEL_RATES = { binary: 'positive-rate', multiclass: 'class-rate' } as const
