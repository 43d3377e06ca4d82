import type { Counts } from './count-totals.ts'
import type { Estimate } from './mean-with-error.ts'

/**
 * Area under the ROC curve from joint counts of score bin and label, with DeLong's standard error.
 *
 * `joint[2 * bin]` counts the negatives and `joint[2 * bin + 1]` the positives of a score bin; scores of one
 * bin are ties and count half. For scores spread over 128 equal bins the area is within 3e-5 of that of the
 * raw scores, whatever the scores within `areaErrorMax`.
 * Null where one of the classes has no value. Where DeLong's variance is 0 (the bins separate the classes
 * without a flaw), half a misranked value of the smaller class stands in for the error.
 * Source: DeLong, DeLong, Clarke-Pearson, Biometrics 44 (1988), on grouped scores.
 */
export function areaUnderCurve(joint: Counts): Estimate | null {
  const bins = joint.length >> 1
  let negatives = 0
  let positives = 0
  for (let bin = 0; bin < bins; bin++) {
    negatives += joint[2 * bin]!
    positives += joint[2 * bin + 1]!
  }
  if (negatives === 0 || positives === 0) return null

  // A value's placement: the share of the other class that it is ranked rightly against.
  const byPositive = { sum: 0, square: 0 }
  const byNegative = { sum: 0, square: 0 }
  let negativesBelow = 0
  let positivesBelow = 0
  for (let bin = 0; bin < bins; bin++) {
    const negative = joint[2 * bin]!
    const positive = joint[2 * bin + 1]!
    const positivePlacement = (negativesBelow + negative / 2) / negatives
    const negativePlacement = (positives - positivesBelow - positive / 2) / positives
    byPositive.sum += positive * positivePlacement
    byPositive.square += positive * positivePlacement ** 2
    byNegative.sum += negative * negativePlacement
    byNegative.square += negative * negativePlacement ** 2
    negativesBelow += negative
    positivesBelow += positive
  }
  const value = byPositive.sum / positives
  const variance =
    placementVariance(byPositive, positives, value) / positives +
    placementVariance(byNegative, negatives, value) / negatives
  return {
    value,
    standardError: variance > 0 ? Math.sqrt(variance) : 0.5 / Math.min(negatives, positives),
  }
}

function placementVariance(placement: { sum: number; square: number }, n: number, mean: number): number {
  return n < 2 ? 0 : Math.max(0, placement.square - n * mean * mean) / (n - 1)
}

/**
 * How far the area of the bins can be from that of the raw scores, whatever they are: half the share of
 * pairs of a negative and a positive that lie in one bin. It is reached only where all of these are ranked
 * alike. 0 where one of the classes has no value.
 */
export function areaErrorMax(joint: Counts): number {
  let negatives = 0
  let positives = 0
  let together = 0
  for (let cell = 0; cell + 1 < joint.length; cell += 2) {
    negatives += joint[cell]!
    positives += joint[cell + 1]!
    together += joint[cell]! * joint[cell + 1]!
  }
  return together === 0 ? 0 : together / (2 * negatives * positives)
}
