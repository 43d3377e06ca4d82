import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allotBudget, BUDGET_PARTS } from '../../src/detectors/budget.ts'

const part = fc.double({ min: 0.001, max: 1, noNaN: true })
const shares = fc.tuple(part, part, part).map(([outcomes, score, features]) => {
  const sum = outcomes + score + features
  return { outcomes: outcomes / sum, score: score / sum, features: features / sum }
})
/** Tests of a part, and the looks of all of them: some at every pane, some seldom. */
const asked = (max: number) =>
  fc
    .tuple(fc.nat(max), fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer({ min: 1, max: 5_000 }))
    .map(([tests, often, panes]) => ({ tests, looks: tests * panes * often }))
const tests = fc.record({ outcomes: asked(500), score: asked(500), features: asked(100_000) })

describe('the budget', () => {
  it('is spent exactly: the levels of all tests at all looks sum to what was allowed', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 5_000 }),
        shares,
        tests,
        (falseRetrains, looks, shares, tests) => {
          const { parts } = allotBudget({ falseRetrains, perMs: looks * 60_000, shares }, 60_000, tests)
          const anyTests = BUDGET_PARTS.some((name) => tests[name].tests > 0)
          const spent = BUDGET_PARTS.reduce((sum, name) => sum + parts[name].alpha * tests[name].looks, 0)
          const allowed = BUDGET_PARTS.reduce((sum, name) => sum + parts[name].falseAlarms, 0)
          expect(allowed).toBeCloseTo(anyTests ? falseRetrains : 0, 9)
          // A level is a probability: where so few looks could afford more, less is spent.
          const capped = BUDGET_PARTS.some((name) => parts[name].alpha === 1)
          if (capped) expect(spent).toBeLessThanOrEqual(falseRetrains * (1 + 1e-9))
          else expect(spent).toBeCloseTo(anyTests ? falseRetrains : 0, 9)
        },
      ),
    )
  })

  it('gives every other test a lower level when one more is asked', () => {
    fc.assert(
      fc.property(shares, tests, fc.constantFrom(...BUDGET_PARTS), (shares, tests, name) => {
        const budget = { falseRetrains: 1, perMs: 1e9, shares }
        const before = allotBudget(budget, 1e4, tests).parts
        const after = allotBudget(budget, 1e4, {
          ...tests,
          [name]: { tests: tests[name].tests + 1, looks: tests[name].looks + 1e5 },
        }).parts
        for (const each of BUDGET_PARTS) {
          if (tests[each].tests > 0)
            expect(after[each].alpha).toBeLessThanOrEqual(before[each].alpha * (1 + 1e-12))
        }
      }),
    )
  })
})
