import type { Finding } from '../events/finding.ts'
import type { Task } from '../sketches/types.ts'
import type { BudgetPart, PartLooks } from './budget.ts'
import { DELAY_QUANTILES } from './label-delay.ts'

/** One question asked again and again, at one window length: what the budget is divided among. */
export interface JudgedTest {
  readonly part: BudgetPart
  readonly detector: Finding['detector']
  readonly subject: string
  readonly statistic: string
  readonly windowMs: number
  /** A look at least so far from the next, ms: on average, those at corrected windows counted in. */
  readonly everyMs: number
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
  /** There is a time within which labels are waited for, so that their delays can be compared. */
  readonly hasDelays: boolean
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

/** How many tests each part has, and how often they look in the period. */
export function countLooks(tests: readonly JudgedTest[], perMs: number): Record<BudgetPart, PartLooks> {
  const looksOf = (part: BudgetPart): PartLooks => {
    const own = tests.filter((test) => test.part === part)
    return { tests: own.length, looks: own.reduce((sum, { everyMs }) => sum + perMs / everyMs, 0) }
  }
  return { outcomes: looksOf('outcomes'), score: looksOf('score'), features: looksOf('features') }
}

/** A window is judged when it has moved, and at most once again before it moves when it was corrected. */
const LOOKS_PER_MOVE = 2

/**
 * How far apart the looks at a window of one length are, ms. The base window moves at every pane; so do the
 * longer ones where it is a pane long, else they move once a base.
 * @param windowsMs the base and its doublings
 */
function everyMsOf(windowMs: number, windowsMs: readonly number[], paneMs: number): number {
  const [baseMs = windowMs] = windowsMs
  return windowMs === baseMs || baseMs <= paneMs ? paneMs : baseMs / LOOKS_PER_MOVE
}

function featureTests({ features, qualityMs, paneMs }: JudgedModel): JudgedTest[] {
  return features.flatMap(({ name, kind, windowsMs }) => {
    const test = (detector: Finding['detector'], statistic: string, windowMs: number): JudgedTest => ({
      part: 'features',
      detector,
      subject: name,
      statistic,
      windowMs,
      everyMs: detector === 'data-quality' ? paneMs : everyMsOf(windowMs, windowsMs, paneMs),
    })
    return [
      ...windowsMs.map((windowMs) => test(`${kind}-drift`, 'omnibus', windowMs)),
      ...QUALITY_RATES[kind].map((statistic) => test('data-quality', statistic, qualityMs)),
      ...windowsMs.slice(0, 1).map((windowMs) => test('data-quality', 'constant', windowMs)),
    ]
  })
}

function scoreTests({ scoreWindowsMs, hasScores, hasCalibration, paneMs }: JudgedModel): JudgedTest[] {
  if (!hasScores) return []
  return scoreWindowsMs.flatMap((windowMs): JudgedTest[] => {
    const look = { part: 'score', windowMs, everyMs: everyMsOf(windowMs, scoreWindowsMs, paneMs) } as const
    return [
      { ...look, detector: 'score-drift', subject: 'score', statistic: 'omnibus' },
      { ...look, detector: 'prediction-drift', subject: 'prediction', statistic: 'omnibus' },
      ...(hasCalibration
        ? [
            {
              ...look,
              detector: 'estimated-performance',
              subject: 'accuracy',
              statistic: 'accuracy',
            } as const,
          ]
        : []),
    ]
  })
}

function outcomeTests({
  task,
  performanceWindowsMs,
  paneMs,
  hasOutcomes,
  hasDelays,
}: JudgedModel): JudgedTest[] {
  if (!hasOutcomes) return []
  const labels = task === 'regression' ? ['label-mean', 'psi'] : [LABEL_RATES[task]]
  const everyPane = {
    part: 'outcomes',
    windowMs: performanceWindowsMs[0] ?? paneMs,
    everyMs: paneMs,
  } as const
  return [
    ...performanceWindowsMs.flatMap((windowMs): JudgedTest[] => {
      const everyMs = everyMsOf(windowMs, performanceWindowsMs, paneMs)
      const look = { part: 'outcomes', windowMs, everyMs } as const
      return [
        ...DECIDING_METRICS[task].map(
          (metric) => ({ ...look, detector: 'performance', subject: metric, statistic: metric }) as const,
        ),
        ...labels.map(
          (statistic) => ({ ...look, detector: 'label-drift', subject: 'label', statistic }) as const,
        ),
      ]
    }),
    { ...everyPane, detector: 'label-coverage', subject: 'label', statistic: 'coverage' },
    ...(hasDelays
      ? DELAY_QUANTILES.map(
          ({ statistic }) =>
            ({ ...everyPane, detector: 'label-delay', subject: 'label', statistic }) as const,
        )
      : []),
    {
      ...everyPane,
      detector: 'performance',
      subject: task === 'regression' ? 'clipped-error' : 'error-rate',
      statistic: 'e-detector',
      windowMs: paneMs,
    },
  ]
}

const LABEL_RATES = { binary: 'positive-rate', multiclass: 'class-rate' } as const
