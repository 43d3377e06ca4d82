import { addLimbs } from './limbs.ts'
import { addLoss, LOSS_SUM, lossTotal } from './loss-sum.ts'

/** Sums in `PairedLosses.sums`, two digits each. */
export const PAIR_SUMS = { first: 0, second: 1, squares: 2 } as const
const PAIR_DIGITS = 6

/**
 * Losses of two versions on the same labelled events, as whole numbers, so that they merge to the same bytes in
 * any order. A classification counts errors; graded losses, from 0 to 1, are Brier scores (of several classes
 * halved) or clipped errors.
 */
export interface PairedLosses {
  /** Events with a label that both have answered. */
  n: number
  firstErrors: number
  secondErrors: number
  /** Events on which one of the two was right. */
  split: number
  /** Events with a graded loss on both sides. */
  graded: number
  /** Sums of the first's graded losses, of the second's, and of their squared differences. */
  readonly sums: Float64Array
}

/** Pairs of one pane of a model; `first` is the version whose name sorts first. */
export interface PairEntry {
  readonly model: string
  readonly first: string
  readonly second: string
  /** Epoch ms. */
  readonly paneStart: number
  readonly losses: PairedLosses
}

export function createPairedLosses(): PairedLosses {
  return { n: 0, firstErrors: 0, secondErrors: 0, split: 0, graded: 0, sums: new Float64Array(PAIR_DIGITS) }
}

/** Whether a version was wrong on an event, and its graded loss, 0 to 1; null where there is none. */
export interface OneLoss {
  readonly wrong: boolean
  readonly graded: number | null
}

export function addPair(losses: PairedLosses, first: OneLoss, second: OneLoss): void {
  losses.n++
  if (first.wrong) losses.firstErrors++
  if (second.wrong) losses.secondErrors++
  if (first.wrong !== second.wrong) losses.split++
  if (first.graded === null || second.graded === null) return
  losses.graded++
  addLoss(losses.sums, PAIR_SUMS.first, first.graded)
  addLoss(losses.sums, PAIR_SUMS.second, second.graded)
  addLoss(losses.sums, PAIR_SUMS.squares, (first.graded - second.graded) ** 2)
}

/** Adds `from` to `into`: the same content in any order. */
export function mergePairedLosses(into: PairedLosses, from: PairedLosses): void {
  into.n += from.n
  into.firstErrors += from.firstErrors
  into.secondErrors += from.secondErrors
  into.split += from.split
  into.graded += from.graded
  addLimbs(into.sums, from.sums, LOSS_SUM)
}

/** The sum of one kind. */
export function pairTotal({ sums }: PairedLosses, sum: keyof typeof PAIR_SUMS): number {
  return lossTotal(sums, PAIR_SUMS[sum])
}
