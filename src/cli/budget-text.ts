import type { Allotment } from '../detectors/budget.ts'
import type { ExplainedTest } from '../detectors/budget-explanation.ts'
import type { ExpectedDelay } from '../detectors/expected-delay.ts'
import { decimal, percent } from '../detectors/wording.ts'
import { printable, renderTable } from './text-table.ts'

/** What `budget explain` tells; with `--json`, this. */
export interface BudgetExplanation {
  readonly model: string
  /** Id of the reference judged against; null: taken as endless. */
  readonly reference: string | null
  readonly allotment: Allotment
  readonly tests: readonly ExplainedTest[]
  readonly delays: {
    readonly shift: readonly ExpectedDelay[]
    readonly error: readonly ExpectedDelay[]
    /** The reference's own, from which the error rate rises; null where it is not known. */
    readonly errorRate: number | null
  }
  readonly guarantee: string
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const NONE = '-'

/** The explanation for people. */
export function describeBudget({
  model,
  reference,
  allotment,
  tests,
  delays,
  guarantee,
}: BudgetExplanation): string {
  const judged =
    reference === null
      ? 'against a reference without end: name one with --reference or --published for its own numbers'
      : `against reference ${printable(reference)}`
  return `${[
    `${printable(model)}: ${decimal(allotment.falseRetrains)} false ${allotment.falseRetrains === 1 ? 'alarm' : 'alarms'} in ${span(allotment.perMs)}, ${Math.round(allotment.looks)} panes, ${judged}`,
    partTable(allotment),
    testTable(tests),
    delayTable('shift of a feature, in standard deviations', delays.shift, decimal),
    ...(delays.error.length === 0
      ? []
      : [delayTable(`rise of the error rate from ${rateText(delays.errorRate)}`, delays.error, percent)]),
    guarantee,
  ].join('\n\n')}\n`
}

function partTable({ parts }: Allotment): string {
  return renderTable(
    [
      { heading: 'part', align: 'left' },
      { heading: 'false alarms', align: 'right' },
      { heading: 'tests', align: 'right' },
      { heading: 'looks', align: 'right' },
      { heading: 'alpha', align: 'right' },
    ],
    Object.entries(parts).map(([part, { falseAlarms, tests, looks, alpha }]) => [
      part,
      decimal(falseAlarms),
      String(tests),
      String(Math.round(looks)),
      level(alpha),
    ]),
  )
}

/** One line a test and window: what it may spend, what it needs, what it sees. */
function testTable(tests: readonly ExplainedTest[]): string {
  return renderTable(
    [
      { heading: 'part', align: 'left' },
      { heading: 'subject', align: 'left' },
      { heading: 'test', align: 'left' },
      { heading: 'window', align: 'right' },
      { heading: 'looks', align: 'right' },
      { heading: 'false alarms', align: 'right' },
      { heading: 'needs', align: 'right' },
      { heading: 'has', align: 'right' },
      { heading: 'sees', align: 'right' },
      { heading: 'must reach', align: 'right' },
    ],
    tests.map((test) => [
      test.part,
      test.subject,
      test.detector === 'estimated-performance' ? `${test.statistic}, estimated` : test.statistic,
      span(test.windowMs),
      String(Math.round(test.looks)),
      test.falseAlarms.toPrecision(2),
      count(test.sampleNeeded),
      count(test.sampleExpected),
      effect(test.smallestEffect, test.effectUnit),
      effect(test.threshold, test.effectUnit),
    ]),
  )
}

function delayTable(
  what: string,
  delays: readonly ExpectedDelay[],
  size: (change: number) => string,
): string {
  return renderTable(
    [
      { heading: what, align: 'left' },
      { heading: 'values needed', align: 'right' },
      { heading: 'seen by a window of', align: 'right' },
    ],
    delays.map(({ change, sample, windowMs }) => [
      size(change),
      count(sample),
      windowMs === null ? NONE : span(windowMs),
    ]),
  )
}

function effect(size: number | null, unit: ExplainedTest['effectUnit']): string {
  if (size === null) return NONE
  if (unit === 'PSI' || unit === 'KS') return `${unit} ${decimal(size)}`
  if (unit === 'deviations') return `${decimal(size)} sd`
  if (unit === 'times') return `${decimal(size)} times`
  return unit === 'share' ? percent(size) : decimal(size)
}

function level(alpha: number): string {
  return alpha === 0 ? '0' : alpha.toExponential(1)
}

function rateText(rate: number | null): string {
  return rate === null ? '10 % (assumed)' : percent(rate)
}

function count(value: number | null): string {
  return value === null ? NONE : String(value)
}

function span(ms: number): string {
  if (ms >= DAY_MS && ms % HOUR_MS === 0) return `${decimal(ms / DAY_MS)}d`
  return ms % HOUR_MS === 0 ? `${ms / HOUR_MS}h` : `${decimal(ms / 60_000)}m`
}
