import { addLoss } from './loss-sum.ts'
import { LOSS_SUMS, outcomeSumDigits } from './outcome-layout.ts'
import type { PerformanceCounts } from './types.ts'

/** A probability nearer to 0 or 1 counts as this near: the log-loss of one event is at most 34.5. */
const PROBABILITY_MIN = 1e-15
const PROBABILITY_MAX = 1 - PROBABILITY_MIN

/** Counts the losses of one scored outcome and their squares, from which their spread follows. */
export function addLosses(counts: PerformanceCounts, probabilityOfLabel: number, brier: number): void {
  const clipped =
    probabilityOfLabel < PROBABILITY_MIN
      ? PROBABILITY_MIN
      : probabilityOfLabel > PROBABILITY_MAX
        ? PROBABILITY_MAX
        : probabilityOfLabel
  const logLoss = -Math.log(clipped)
  if (counts.sums.length === 0) {
    counts.sums = new Float64Array(outcomeSumDigits('sums', counts.task, counts.classCount))
  }
  const { sums } = counts
  counts.scored++
  addLoss(sums, LOSS_SUMS.logLoss, logLoss)
  addLoss(sums, LOSS_SUMS.logLossSquared, logLoss * logLoss)
  addLoss(sums, LOSS_SUMS.brier, brier)
  addLoss(sums, LOSS_SUMS.brierSquared, brier * brier)
}

/** A class may be called `constructor`: only the record's own entries are probabilities. */
export function probabilityOf(score: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(score, name) ? score[name] : undefined
}

export function isProbability(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1
}

/** Predictions and labels are compared as texts. Zeros and ones, the most frequent, need not be spelled out. */
export function textOf(value: number | string | boolean): string {
  return value === 1 ? '1' : value === 0 ? '0' : String(value)
}
