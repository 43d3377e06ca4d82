import { addExact } from './exact-sum.ts'
import { ERROR_SUMS, outcomeSumDigits } from './outcome-layout.ts'
import { SIGNED_BINS, signedBin } from './signed-bins.ts'
import type { PerformanceCounts } from './types.ts'

/** About 1e36: the fourth power of an error from here still fits its exact sum many times over. */
const OUTCOME_MAGNITUDE_MAX = 2 ** 120

/** False, with nothing counted, where one of the two is not a number of bounded magnitude. */
export function addRegressionOutcome(
  counts: PerformanceCounts,
  prediction: unknown,
  label: unknown,
): boolean {
  if (!isMeasurable(prediction) || !isMeasurable(label)) return false
  if (counts.sums.length === 0) {
    counts.sums = new Float64Array(outcomeSumDigits('sums', 'regression', 0))
    counts.errors = new Uint32Array(SIGNED_BINS)
    counts.labels = new Uint32Array(SIGNED_BINS)
  }
  const { sums, errors, labels } = counts
  const error = prediction - label
  const squared = error * error
  counts.n++
  addExact(sums, error < 0 ? ERROR_SUMS.under : ERROR_SUMS.over, Math.abs(error))
  addExact(sums, ERROR_SUMS.squared, squared)
  addExact(sums, ERROR_SUMS.quartic, squared * squared)
  addExact(sums, label < 0 ? ERROR_SUMS.labelNegative : ERROR_SUMS.labelPositive, Math.abs(label))
  addExact(sums, ERROR_SUMS.labelSquared, label * label)
  const errorBin = signedBin(error)
  const labelBin = signedBin(label)
  errors[errorBin] = errors[errorBin]! + 1
  labels[labelBin] = labels[labelBin]! + 1
  return true
}

function isMeasurable(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= OUTCOME_MAGNITUDE_MAX
}
