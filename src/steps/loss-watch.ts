import { clippedErrors, errorCap } from '../detectors/clipped-errors.ts'
import {
  createErrorRateDetector,
  type ErrorRateDetector,
  updateErrorRate,
} from '../detectors/sequential/error-rate.ts'
import {
  createMeanLossDetector,
  type LossSums,
  type MeanLossDetector,
  updateMeanLoss,
} from '../detectors/sequential/mean-loss.ts'
import type { RunLengthBudget } from '../detectors/sequential/run-length-budget.ts'
import { lossTotal } from '../sketches/loss-sum.ts'
import { LOSS_SUMS } from '../sketches/outcome-layout.ts'
import type { PerformanceCounts } from '../sketches/types.ts'

/** An e-detector on the losses of outcomes. Plain data. */
export type LossWatch =
  | { readonly kind: 'error-rate'; readonly detector: ErrorRateDetector }
  | { readonly kind: 'brier'; readonly detector: MeanLossDetector }
  | { readonly kind: 'clipped-error'; readonly detector: MeanLossDetector; readonly cap: number }

/** The greatest Brier score of one outcome: of two classes as of the positive one alone, of several as of all. */
const BRIER_MAX = { binary: 1, multiclass: 2 } as const

/**
 * A watch of Brier scores where the reference has as many scores as labels, nearly, else of errors: an error
 * hangs on where the threshold of the decision lies, a score on the model alone. Of a regression: absolute
 * errors, clipped where the reference's largest are; null where it has none to speak of.
 */
export function createLossWatch(reference: PerformanceCounts, budget: RunLengthBudget): LossWatch | null {
  const { n, scored, correct, task } = reference
  if (task === 'regression') {
    const cap = errorCap(reference)
    if (cap === null) return null
    const detector = createMeanLossDetector(clippedErrors(reference, cap), 1, budget)
    return { kind: 'clipped-error', detector, cap }
  }
  if (scored > 0.9 * n) {
    return {
      kind: 'brier',
      detector: createMeanLossDetector(brierSums(reference), BRIER_MAX[task], budget),
    }
  }
  return { kind: 'error-rate', detector: createErrorRateDetector({ errors: n - correct, n }, budget) }
}

/** Takes the outcomes of one pane; null: none came. */
export function updateLossWatch(watch: LossWatch, pane: PerformanceCounts | null): void {
  if (watch.kind === 'clipped-error') {
    updateMeanLoss(watch.detector, pane === null ? NO_LOSSES : clippedErrors(pane, watch.cap))
  } else if (watch.kind === 'brier')
    updateMeanLoss(watch.detector, pane === null ? NO_LOSSES : brierSums(pane))
  else updateErrorRate(watch.detector, pane === null ? 0 : pane.n - pane.correct, pane?.n ?? 0)
}

const NO_LOSSES: LossSums = { sum: 0, squares: 0, n: 0 }

function brierSums({ sums, scored }: PerformanceCounts): LossSums {
  if (scored === 0) return NO_LOSSES
  return {
    sum: lossTotal(sums, LOSS_SUMS.brier),
    squares: lossTotal(sums, LOSS_SUMS.brierSquared),
    n: scored,
  }
}
