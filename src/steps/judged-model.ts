import { type Allotment, allotBudget } from '../detectors/budget.ts'
import { countLooks, type JudgedModel, type JudgedTest, judgedTests } from '../detectors/judged-tests.ts'
import { delayCellsWithin } from '../sketches/label-delays.ts'
import type { Reference } from '../sketches/types.ts'
import type { ModelOptions } from './options.ts'
import { baseMsOf, scoreBaseMsOf, windowLengths } from './plan-windows.ts'

/** Every test of a model with what it may spend. */
export interface Budgeted {
  readonly tests: readonly JudgedTest[]
  readonly allotment: Allotment
}

/**
 * The tests of a model that can alarm, and the budget divided among them.
 * @param reference says what can be judged; null: everything that the task allows
 * @param labelled whether any labels have come: outcomes that nobody reports leave their share to the rest
 */
export function budgetOf(
  model: ModelOptions,
  reference: Reference | null,
  paneMs: number,
  labelled: boolean,
): Budgeted {
  if (reference === null) return budgeted(model, null, paneMs, labelled)
  const known = budgets.get(reference)
  if (known?.model === model && known.paneMs === paneMs && known.labelled === labelled) return known.budget
  const budget = budgeted(model, reference, paneMs, labelled)
  budgets.set(reference, { model, paneMs, labelled, budget })
  return budget
}

/** Asked at every look, and the same from look to look. */
const budgets = new WeakMap<
  Reference,
  {
    readonly model: ModelOptions
    readonly paneMs: number
    readonly labelled: boolean
    readonly budget: Budgeted
  }
>()

function budgeted(
  model: ModelOptions,
  reference: Reference | null,
  paneMs: number,
  labelled: boolean,
): Budgeted {
  const tests = judgedTests(judgedModel(model, reference, paneMs, labelled))
  return { tests, allotment: allotBudget(model.budget, paneMs, countLooks(tests, model.budget.perMs)) }
}

function judgedModel(
  model: ModelOptions,
  reference: Reference | null,
  paneMs: number,
  labelled: boolean,
): JudgedModel {
  const { task, features, windows } = model
  const outcomes = reference?.performance ?? null
  const names = reference === null ? [...features.keys()] : [...reference.features.keys()]
  const hasScores =
    task !== 'regression' &&
    (reference === null || ((outcomes?.scores.length ?? 0) > 0 && knowsScoreCycle(model, reference)))
  return {
    task,
    features: names.map((name) => ({
      name,
      kind: reference?.features.get(name)?.kind ?? features.get(name)?.type ?? 'numeric',
      windowsMs: windowLengths(windows, baseMsOf(model, name), paneMs),
    })),
    qualityMs: windows.qualityMs,
    scoreWindowsMs: windowLengths(windows, scoreBaseMsOf(model), paneMs),
    performanceWindowsMs: windowLengths(windows, windows.performanceMs, paneMs),
    paneMs,
    hasScores,
    hasCalibration: hasScores && (reference === null || (outcomes?.joint.length ?? 0) > 0),
    hasDelays: delayCellsWithin(windows.labelDelayMs) > 0,
    hasOutcomes: labelled && (reference === null || (outcomes?.n ?? 0) > 0),
  }
}

/**
 * Whether the reference's scores are of a whole cycle, as far as it knows: those of a candidate come from
 * held-back rows alone, and the scores of four days are not those of a week.
 */
export function knowsScoreCycle(model: ModelOptions, { panes }: Reference): boolean {
  if (!panes?.scores) return true
  const covered = panes.scores.n.reduce((sum, n) => sum + (n > 0 ? panes.windowMs : 0), 0)
  return covered >= scoreBaseMsOf(model)
}
