/** What alarms are about. Each part has a share of the budget. */
export type BudgetPart = 'outcomes' | 'score' | 'features'

export const BUDGET_PARTS: readonly BudgetPart[] = ['outcomes', 'score', 'features']

/** How many false alarms a model may raise: `falseRetrains` in every `perMs` of stream time. */
export interface BudgetOptions {
  readonly falseRetrains: number
  readonly perMs: number
  /** What share of it each part may spend, 0 to 1, together 1. A part with a share of 0 never alarms. */
  readonly shares: Readonly<Record<BudgetPart, number>>
}

const DAY_MS = 86_400_000

/** Labels say most of what matters, scores less, features least: so the error allowed to them falls, too. */
export const BUDGET_DEFAULTS: BudgetOptions = {
  falseRetrains: 1,
  perMs: 90 * DAY_MS,
  shares: { outcomes: 0.5, score: 0.3, features: 0.2 },
}

/** What a part is asked. */
export interface PartLooks {
  /** Every test at every window length is one. */
  readonly tests: number
  /** How often all of them together are looked at in the period. */
  readonly looks: number
}

/** What one part may spend. */
export interface PartBudget extends PartLooks {
  /** False alarms in the period. */
  readonly falseAlarms: number
  /** The level of each test at each look; 0 where the part has no tests or no share. */
  readonly alpha: number
}

export interface Allotment {
  readonly falseRetrains: number
  readonly perMs: number
  /** Panes that end in the period: nothing is looked at more often. */
  readonly looks: number
  readonly parts: Readonly<Record<BudgetPart, PartBudget>>
}

/**
 * Divides a budget among the looks that there are: alpha = A of the part / looks of all its tests in the period.
 * A test whose window moves seldom takes few looks, so it costs the others little.
 *
 * A part without tests leaves its share to the others, in the proportion of theirs; what the parts with
 * tests may spend sums to `falseRetrains`. Within a part all tests have the same level. No test needs to be
 * independent of another, nor a look of the next: the expected number of false alarms is at most the sum of
 * the levels, whatever hangs together (linearity of expectation, the union bound).
 * @param paneMs the most frequent look comes at the end of every pane
 */
export function allotBudget(
  budget: BudgetOptions,
  paneMs: number,
  asked: Readonly<Record<BudgetPart, PartLooks>>,
): Allotment {
  const { falseRetrains, perMs, shares } = budget
  const spendable = BUDGET_PARTS.reduce((sum, part) => sum + (asked[part].tests > 0 ? shares[part] : 0), 0)
  const partBudget = (part: BudgetPart): PartBudget => {
    const { tests, looks } = asked[part]
    const isSpending = tests > 0 && shares[part] > 0
    const falseAlarms = isSpending ? (falseRetrains * shares[part]) / spendable : 0
    return {
      falseAlarms,
      tests,
      looks,
      alpha: isSpending ? Math.min(1, falseAlarms / looks) : 0,
    }
  }
  return {
    falseRetrains,
    perMs,
    looks: perMs / paneMs,
    parts: {
      outcomes: partBudget('outcomes'),
      score: partBudget('score'),
      features: partBudget('features'),
    },
  }
}
