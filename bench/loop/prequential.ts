import type { Learned } from './learn.ts'
import type { LabelledRow } from './world.ts'

/** From then on this one serves, epoch ms. */
export interface ServedFrom {
  readonly at: number
  readonly learned: Learned
}

/** How well what served predicted, before it could know. */
export interface Prequential {
  readonly n: number
  /** Share that is right when the more probable class is said. */
  readonly accuracy: number
  readonly logLoss: number
}

/** A probability of 0 or 1 that is wrong would cost infinitely much. */
const CLIPPED = 1e-6

/**
 * Accuracy and log-loss of whatever served at the time of each row, over all rows from `fromMs` to `toMs`.
 * No rows: NaN.
 * @param served in the order in which they took over, the first before all rows
 */
export function prequential(
  rows: readonly LabelledRow[],
  served: readonly ServedFrom[],
  fromMs = Number.NEGATIVE_INFINITY,
  toMs = Number.POSITIVE_INFINITY,
): Prequential {
  let serving = 0
  let n = 0
  let right = 0
  let loss = 0
  for (const { at, features, label } of rows) {
    while (served[serving + 1] !== undefined && served[serving + 1]!.at <= at) serving++
    if (at < fromMs || at >= toMs) continue
    const score = served[serving]!.learned(features)
    n++
    if ((score >= 0.5 ? 1 : 0) === label) right++
    loss -= Math.log(Math.max(label === 1 ? score : 1 - score, CLIPPED))
  }
  return { n, accuracy: right / n, logLoss: loss / n }
}
