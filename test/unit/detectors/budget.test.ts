import { describe, expect, it } from 'vitest'
import {
  allotBudget,
  BUDGET_DEFAULTS,
  type BudgetPart,
  type PartLooks,
} from '../../../src/detectors/budget.ts'

const HOUR_MS = 3_600_000

/** So many tests of each part, each asked at every hour of the quarter. */
function hourly(tests: Readonly<Record<BudgetPart, number>>): Record<BudgetPart, PartLooks> {
  const asked = (count: number) => ({ tests: count, looks: count * 2160 })
  return { outcomes: asked(tests.outcomes), score: asked(tests.score), features: asked(tests.features) }
}

describe('allotBudget', () => {
  it('gives the levels of a worked example', () => {
    // One alarm in a quarter of hourly panes, 20 features at 8 windows, a score at 8 windows.
    const { parts, looks } = allotBudget(
      BUDGET_DEFAULTS,
      HOUR_MS,
      hourly({ outcomes: 1, score: 8, features: 160 }),
    )
    expect(looks).toBe(2160)
    expect(parts.features.alpha).toBeCloseTo(5.79e-7, 9)
    expect(parts.score.alpha).toBeCloseTo(1.74e-5, 7)
    expect(parts.outcomes).toEqual({ falseAlarms: 0.5, tests: 1, looks: 2160, alpha: 0.5 / 2160 })
  })

  it('gives the share of a part without tests to the others, in proportion', () => {
    const { parts } = allotBudget(BUDGET_DEFAULTS, HOUR_MS, hourly({ outcomes: 0, score: 2, features: 4 }))
    expect(parts.outcomes).toEqual({ falseAlarms: 0, tests: 0, looks: 0, alpha: 0 })
    expect(parts.score.falseAlarms).toBeCloseTo(0.6)
    expect(parts.features.falseAlarms).toBeCloseTo(0.4)
    expect(
      allotBudget(BUDGET_DEFAULTS, HOUR_MS, hourly({ outcomes: 0, score: 0, features: 1 })).parts.features,
    ).toEqual({
      falseAlarms: 1,
      tests: 1,
      looks: 2160,
      alpha: 1 / 2160,
    })
  })

  it('lets tests that look seldom cost little', () => {
    // Four of five lengths look twice a day, the fifth every hour.
    const features = { tests: 5, looks: 2160 + 4 * 180 }
    const { alpha } = allotBudget(BUDGET_DEFAULTS, HOUR_MS, {
      ...hourly({ outcomes: 1, score: 1, features: 0 }),
      features,
    }).parts.features
    expect(alpha).toBeCloseTo(0.2 / 2880, 12)
  })

  it('never alarms in a part whose share is nothing, and spends nothing without tests', () => {
    const shares = { outcomes: 1, score: 0, features: 0 }
    const budget = { ...BUDGET_DEFAULTS, shares }
    const { parts } = allotBudget(budget, HOUR_MS, hourly({ outcomes: 3, score: 2, features: 4 }))
    expect(parts.score.alpha).toBe(0)
    expect(parts.outcomes.falseAlarms).toBe(1)
    const nothing = allotBudget(budget, HOUR_MS, hourly({ outcomes: 0, score: 2, features: 4 })).parts
    expect([nothing.outcomes, nothing.score, nothing.features].map(({ falseAlarms }) => falseAlarms)).toEqual(
      [0, 0, 0],
    )
  })
})
