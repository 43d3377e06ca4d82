import { lossTotal } from '../sketches/loss-sum.ts'
import { CALIBRATION_BINS, LOSS_SUMS, scoreBinsOf } from '../sketches/outcome-layout.ts'
import { probabilityTotal } from '../sketches/probability-sum.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { areaUnderCurve } from '../statistics/auc.ts'
import { calibrationError } from '../statistics/calibration-error.ts'
import { type Estimate, meanWithError } from '../statistics/mean-with-error.ts'
import type { Measured, Share } from './metric-comparison.ts'

/** An area from fewer values of a class has no normal law to speak of. */
const CLASS_MIN = 10

/** Exact. */
export function accuracyOf(counts: PerformanceCounts): Share {
  return { hits: counts.correct, of: counts.n }
}

/** Mean log-loss in nats, within 5e-13 of the mean of the losses themselves. */
export function logLossOf(counts: PerformanceCounts): Measured {
  return meanLoss(counts, LOSS_SUMS.logLoss, LOSS_SUMS.logLossSquared)
}

/** Mean Brier score, within 5e-13 of the mean of the scores themselves. */
export function brierOf(counts: PerformanceCounts): Measured {
  return meanLoss(counts, LOSS_SUMS.brier, LOSS_SUMS.brierSquared)
}

/**
 * Area under the ROC curve of one class against the rest; the only class of a binary model is the positive
 * one. Null where either side has fewer than 10 values.
 */
export function aucOf(counts: PerformanceCounts, at = 0): Estimate | null {
  const joint = jointOf(counts, at)
  let negatives = 0
  let positives = 0
  for (let cell = 0; cell < joint.length; cell += 2) {
    negatives += joint[cell]!
    positives += joint[cell + 1]!
  }
  return Math.min(negatives, positives) < CLASS_MIN ? null : areaUnderCurve(joint)
}

/**
 * Calibration error of one class on 16 equal-width bins, within 2.4e-7 of that of the probabilities
 * themselves on the same bins; null without scores.
 */
export function calibrationErrorOf(counts: PerformanceCounts, at = 0): Estimate | null {
  const joint = jointOf(counts, at)
  const cellsPerBin = joint.length / CALIBRATION_BINS
  return calibrationError(
    Array.from({ length: joint.length === 0 ? 0 : CALIBRATION_BINS }, (_, bin) => {
      let n = 0
      let hits = 0
      for (let cell = bin * cellsPerBin; cell < (bin + 1) * cellsPerBin; cell += 2) {
        n += joint[cell]! + joint[cell + 1]!
        hits += joint[cell + 1]!
      }
      const probabilitySum = probabilityTotal(counts.calibration, at * CALIBRATION_BINS + bin)
      return { n, hits, probabilitySum }
    }),
  )
}

/** The joint counts of score bin and hit of one class; empty where nothing was scored. */
function jointOf({ task, joint }: PerformanceCounts, at: number): Uint32Array {
  const cells = 2 * scoreBinsOf(task)
  return joint.subarray(at * cells, (at + 1) * cells)
}

function meanLoss(counts: PerformanceCounts, sum: number, squared: number): Measured {
  const { scored, sums } = counts
  return { estimate: meanWithError(scored, lossTotal(sums, sum), lossTotal(sums, squared)), of: scored }
}
