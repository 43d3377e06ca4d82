import { type ComparedLoss, lossesOf } from '../detectors/compared-loss.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import type { Sums } from '../statistics/difference-evidence.ts'
import { lossAlternatives, writeLossEValues } from '../statistics/loss-e-values.ts'
import { meanUpperBound } from '../statistics/mean-upper-bound.ts'
import { rateAlternatives, writeRateEValues } from '../statistics/rate-e-values.ts'

/** What a promoted version's mean loss is held against: plain data. */
export interface Baseline {
  /** Mean losses of what validation promised, and of the version before in its last window; null: unknown. */
  readonly promised: number | null
  readonly before: number | null
  /** Labelled predictions of the version before. */
  readonly n: number
  /** The mean loss above which the new version does harm. */
  readonly bound: number
  /** ln of the evidence that it is above, by alternative. */
  readonly logs: Float64Array
}

/** The part of the level that pays for not knowing the baseline exactly; each of its two bounds has half. */
const BASELINE_SHARE = 0.1
/** Above nothing rises, and at nothing everything does. */
const BOUND_MIN = 1e-6
const BOUND_MAX = 1 - 1e-6

/**
 * Harm is being worse than promised by the margin, and no better than the version before was in its last window.
 * Where the world has turned, worse than promised can still be a gain, and then there is nothing to return to. So
 * the bound is the larger of the promise's upper confidence bound, with the margin, and the lower one of what
 * was before; without a promise the upper one of that. Null where neither is known: then nothing can be held
 * against the new version.
 * Source of the bounds: Maurer and Pontil, COLT 2009, theorem 4.
 */
export function watchedBaseline(
  promised: PerformanceCounts | null,
  before: PerformanceCounts | null,
  loss: ComparedLoss,
  { level, margin }: { readonly level: number; readonly margin: number },
): Baseline | null {
  const [promise, past] = [knownLosses(promised, loss), knownLosses(before, loss)]
  const each = (BASELINE_SHARE * level) / 2
  const bounds: number[] = []
  if (promise !== null) bounds.push(upperBound(promise, each) + margin)
  if (past !== null) bounds.push(promise === null ? upperBound(past, each) + margin : lowerBound(past, each))
  if (bounds.length === 0) return null
  const bound = Math.min(BOUND_MAX, Math.max(BOUND_MIN, ...bounds))
  const alternatives = rateAlternatives(bound).tilts.length + lossAlternatives(bound).stakes.length
  return {
    promised: meanOf(promise),
    before: meanOf(past),
    n: past?.n ?? 0,
    bound,
    logs: new Float64Array(alternatives),
  }
}

/** Fewer than two losses tell no spread. */
function knownLosses(counts: PerformanceCounts | null, loss: ComparedLoss): Sums | null {
  const losses = counts === null ? null : lossesOf(counts, loss)
  return losses === null || losses.n < 2 ? null : losses
}

function upperBound({ sum, squares, n }: Sums, level: number): number {
  return meanUpperBound(sum, Math.min(squares, sum), n, level)
}

/** The upper bound of what is left to the greatest loss, from the other side. */
function lowerBound({ sum, squares, n }: Sums, level: number): number {
  const left = Math.max(0, n - sum)
  return 1 - meanUpperBound(left, Math.min(left, Math.max(0, n - 2 * sum + squares)), n, level)
}

/** Takes in the losses of a pane, each from 0 to 1. */
export function addToBaseline({ bound, logs }: Baseline, { sum, squares, n }: Sums): void {
  const [byRate, bySpread] = [rateAlternatives(bound), lossAlternatives(bound)]
  const rates = byRate.tilts.length
  const added = new Float64Array(logs.length)
  writeRateEValues(byRate, sum, n, added.subarray(0, rates))
  writeLossEValues(bySpread, sum, squares, n, added.subarray(rates))
  for (let at = 0; at < logs.length; at++) logs[at]! += added[at]!
}

/**
 * ln of the evidence that the mean loss is above the bound, less what the baseline's own error costs: at
 * 1 / level the chance of a false alarm, ever, is at most the level.
 */
export function logHarmOf({ logs }: Baseline): number {
  const highest = Math.max(...logs)
  const mixture =
    highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0) / logs.length)
  return mixture + Math.log1p(-BASELINE_SHARE)
}

function meanOf(sums: Sums | null): number | null {
  return sums === null || sums.n === 0 ? null : sums.sum / sums.n
}
