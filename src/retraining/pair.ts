import { isMeasurable } from './metric.ts'
import type { RetrainingOptions } from './options.ts'
import type { JudgedOutcome, Label, Outcome, Problem } from './outcome.ts'

/** One holdout event with both answers; null where a model gave none (or another version served it). */
export interface HoldoutRow {
  readonly id: string
  readonly label: Label
  readonly champion: Outcome | null
  readonly challenger: Outcome | null
  /** The part of the users or of the business it belongs to, where the event says. */
  readonly segment?: string | undefined
}

/** An event that both models answered, in a way that the metric can measure. */
export interface Pair {
  readonly champion: JudgedOutcome
  readonly challenger: JudgedOutcome
  readonly segment: string | null
}

/** The rows on which both can be measured, in their order. */
export function measurablePairs(
  metric: RetrainingOptions['metric'],
  problem: Problem,
  rows: readonly HoldoutRow[],
): Pair[] {
  return rows.flatMap(({ label, champion, challenger, segment }): Pair[] => {
    if (champion === null || challenger === null) return []
    const pair = { champion: { label, outcome: champion }, challenger: { label, outcome: challenger } }
    const measurable = Object.values(pair).every((row) => isMeasurable(metric, problem, row))
    return measurable ? [{ ...pair, segment: segment ?? null }] : []
  })
}
