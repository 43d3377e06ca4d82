import { lossTotal } from '../sketches/loss-sum.ts'
import { LOSS_SUMS } from '../sketches/outcome-layout.ts'
import { type PairedLosses, pairTotal } from '../sketches/paired-losses.ts'
import type { PerformanceCounts, Reference, Task } from '../sketches/types.ts'
import type { Sums } from '../statistics/difference-evidence.ts'
import { clippedErrors, errorCap } from './clipped-errors.ts'

/** By which loss two versions are compared, each from 0 to 1. */
export type ComparedLoss =
  | { readonly kind: 'error' }
  | { readonly kind: 'brier'; readonly greatest: 1 | 2 }
  /** Without a cap nothing is known of errors, and none is compared. */
  | { readonly kind: 'clipped-error'; readonly cap: number | null }

const NONE: Sums = { sum: 0, squares: 0, n: 0 }

/**
 * Brier scores where the champion has as many scores as labels, nearly, else errors: an error hangs on where
 * the threshold of the decision lies, a score on the model alone. Of a regression absolute errors, as shares of
 * the cap and at most 1.
 */
export function comparedLoss(
  task: Task,
  champion: Reference | null,
  challenger: Reference | null,
): ComparedLoss {
  if (task === 'regression') return { kind: 'clipped-error', cap: commonCap(champion, challenger) }
  const { n, scored } = champion?.performance ?? { n: 0, scored: 0 }
  if (n === 0 || scored <= 0.9 * n) return { kind: 'error' }
  return { kind: 'brier', greatest: task === 'binary' ? 1 : 2 }
}

/**
 * Where absolute errors of a regression are clipped: the larger of the caps that the references give, whichever
 * is whose; null where neither gives one.
 */
export function commonCap(one: Reference | null, other: Reference | null): number | null {
  const cap = Math.max(capOf(one), capOf(other))
  return cap > 0 ? cap : null
}

/** Asked for every pair. */
const caps = new WeakMap<Reference, number>()

function capOf(reference: Reference | null): number {
  if (reference === null) return 0
  const known = caps.get(reference)
  if (known !== undefined) return known
  const { performance } = reference
  const cap = performance === null || performance.task !== 'regression' ? 0 : (errorCap(performance) ?? 0)
  caps.set(reference, cap)
  return cap
}

/** The losses of labelled predictions, their sum and the sum of their squares. */
export function lossesOf(counts: PerformanceCounts, loss: ComparedLoss): Sums {
  if (loss.kind === 'error') {
    const errors = counts.n - counts.correct
    return { sum: errors, squares: errors, n: counts.n }
  }
  if (loss.kind === 'clipped-error') return loss.cap === null ? NONE : clippedErrors(counts, loss.cap)
  if (counts.scored === 0) return NONE
  const sum = lossTotal(counts.sums, LOSS_SUMS.brier) / loss.greatest
  return {
    sum,
    squares: Math.min(sum, lossTotal(counts.sums, LOSS_SUMS.brierSquared) / loss.greatest ** 2),
    n: counts.scored,
  }
}

/** Losses of both on the same events, and of their differences, second minus first. */
export function pairedLossesOf(
  losses: PairedLosses,
  loss: ComparedLoss,
): { readonly first: number; readonly second: number; readonly differences: Sums } {
  const { n, firstErrors, secondErrors, split, graded } = losses
  if (loss.kind === 'error') {
    const differences = { sum: secondErrors - firstErrors, squares: split, n }
    return { first: firstErrors, second: secondErrors, differences }
  }
  const [first, second] = [pairTotal(losses, 'first'), pairTotal(losses, 'second')]
  return {
    first,
    second,
    differences: { sum: second - first, squares: pairTotal(losses, 'squares'), n: graded },
  }
}
