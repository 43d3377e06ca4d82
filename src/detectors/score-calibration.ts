import { CLASS_SCORE_BINS, scoreBinsOf } from '../sketches/outcome-layout.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { isotonic } from '../statistics/isotonic.ts'

/** How often a score came true in the reference: one class of scores after the other. */
export interface ScoreCalibration {
  /** Score bins of one class. */
  readonly bins: number
  /** By class and bin the probability that a prediction of it is of the class (binary: positive). */
  readonly probability: Float64Array
  /** How many labelled scores each rests on. */
  readonly labelled: Float64Array
}

/**
 * What labels of the reference say of each score: isotonic over the bins, so a score that is higher is never
 * less likely. binary: one class, the positive one. multiclass: each class against the rest; classes counted
 * together as `other`, which have no scores of their own, get the mean of all.
 *
 * Null without labelled scores. It carries over to a window only while a score means what it meant: that the
 * labels follow the scores as in the reference is the assumption of every estimate without labels.
 */
export function scoreCalibration(reference: PerformanceCounts): ScoreCalibration | null {
  const { task, joint, classCount } = reference
  if (task === 'regression' || joint.length === 0) return null
  const bins = scoreBinsOf(task)
  const classes = task === 'binary' ? 1 : classCount + 1
  const probability = new Float64Array(bins * classes)
  const labelled = new Float64Array(bins * classes)
  const hits = new Float64Array(bins * classes)
  for (let cell = 0; cell < joint.length / 2; cell++) {
    hits[cell] = joint[2 * cell + 1]!
    labelled[cell] = joint[2 * cell]! + joint[2 * cell + 1]!
    if (task === 'binary') continue
    const together = classCount * CLASS_SCORE_BINS + (cell % CLASS_SCORE_BINS)
    hits[together]! += hits[cell]!
    labelled[together]! += labelled[cell]!
  }
  for (let at = 0; at < classes; at++) {
    const own = (all: Float64Array): Float64Array => all.subarray(at * bins, (at + 1) * bins)
    const rates = own(hits).map((count, bin) => count / Math.max(1, own(labelled)[bin]!))
    probability.set(isotonic(rates, own(labelled)), at * bins)
  }
  return probability.every(Number.isFinite) ? { bins, probability, labelled } : null
}
