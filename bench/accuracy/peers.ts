import { allotBudget, BUDGET_DEFAULTS } from '../../src/detectors/budget.ts'
import { reportLine } from '../report-line.ts'
import { runCells } from './cells/run-cells.ts'
import type { Check } from './check.ts'
import { markdownTable } from './markdown-table.ts'
import type { PeerCell, PeerTally } from './peers/peer-cell.ts'

const FEATURES = 20
const M = 10_000
const LEVEL = 0.05
const HOUR_MS = 3_600_000
/** Window lengths judged at every look. */
const LENGTHS = 8

const QUICK = { sizes: [1000], windows: 100 }
const FULL = { sizes: [200, 1000], windows: 500 }
const WINDOWS_PER_PART = 20

const OURS_SHARED = 'driftstream: 0.05 shared by the features'
const OURS_BUDGET = 'driftstream: its part of a budget of 1 in 90 days'
/** Of the share of windows. */
const GRANTED = 3

/**
 * Windows of clean data in which any of 20 features alarms, by the default rules of others and by ours. Ours
 * twice: at a level of 0.05 that the features share, as alibi-detect has it, and at the level that a budget
 * gives each test of each hourly look, all of it spent on features.
 */
export const peersCheck: Check = {
  id: 'peers',
  claim: 'on clean data others alarm in most windows; ours as seldom as the budget says',
  async run(settings) {
    const { sizes, windows: full } = settings.quick ? QUICK : FULL
    const windows = settings.quick
      ? full
      : Math.ceil((full * settings.scale) / WINDOWS_PER_PART) * WINDOWS_PER_PART
    const tests = FEATURES * LENGTHS
    const asked = {
      outcomes: { tests: 0, looks: 0 },
      score: { tests: 0, looks: 0 },
      features: { tests, looks: (tests * BUDGET_DEFAULTS.perMs) / HOUR_MS },
    }
    const { alpha } = allotBudget(BUDGET_DEFAULTS, HOUR_MS, asked).parts.features
    const levels = { [OURS_SHARED]: LEVEL / FEATURES, [OURS_BUDGET]: alpha }
    const parts = sizes.flatMap((n) =>
      Array.from({ length: windows / WINDOWS_PER_PART }, (_, part): PeerCell => {
        const id = `${n} ${part}`
        return {
          id,
          n,
          m: M,
          features: FEATURES,
          windows: WINDOWS_PER_PART,
          levels,
          seed: `peers ${settings.seed} ${id}`,
        }
      }),
    )
    const outcomes = await runCells<PeerTally>('peers', parts, settings)
    const shareOf = (rule: string, n: number): number =>
      outcomes.reduce((sum, { outcome }, at) => sum + (parts[at]!.n === n ? outcome[rule]! : 0), 0) / windows
    const rules = Object.keys(outcomes[0]!.outcome)
    const cpuSeconds = Math.round(outcomes.reduce((sum, outcome) => sum + outcome.cpuSeconds, 0))
    return {
      lines: sizes.flatMap((n) =>
        rules.map((rule) => {
          const may = rule === OURS_SHARED ? LEVEL : rule === OURS_BUDGET ? alpha * FEATURES : null
          return reportLine({
            id: `peers-${n}-${rule.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
            measure: `${rule}, n ${n}: windows with an alarm`,
            value: shareOf(rule, n),
            unit: 'share',
            goal: may === null ? null : `<= ${(may + GRANTED * Math.sqrt(may / windows)).toPrecision(3)}`,
          })
        }),
      ),
      details: {
        features: FEATURES,
        m: M,
        windows,
        alpha,
        cpuSeconds,
        shares: sizes.map((n) => ({
          n,
          ...Object.fromEntries(rules.map((rule) => [rule, shareOf(rule, n)])),
        })),
      },
      table:
        `Share of windows of clean data in which any of ${FEATURES} independent normal features alarms, against ${M} reference\n` +
        `values; ${windows} windows a size, a new reference every ${WINDOWS_PER_PART}. Ours by significance alone, without the gate of effect\n` +
        `size; a test's part of the budget is ${alpha.toPrecision(2)}. ${cpuSeconds} s of CPU.\n\n` +
        markdownTable(
          ['rule', ...sizes.map((n) => `n ${n}`)],
          rules.map((rule) => [rule, ...sizes.map((n) => shareOf(rule, n).toFixed(3))]),
        ),
    }
  },
}
