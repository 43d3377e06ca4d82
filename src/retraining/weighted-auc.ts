import type { WeightedStatistic } from '../statistics/bootstrap-interval.ts'

/**
 * Area under the ROC curve of fixed rows under weights: the probability that a positive row's score is above
 * a negative's, ties counting half. Sorted once, so that each weighting costs one pass.
 * Null where the weights leave only one class. `scores` must be finite, `positive` of the same length.
 * Source: Hanley and McNeil, Radiology 143 (1982), the Mann-Whitney form.
 */
export function weightedAuc(scores: Float64Array, positive: Uint8Array): WeightedStatistic {
  const order = new Uint32Array(scores.length).map((_, index) => index)
  order.sort((a, b) => scores[a]! - scores[b]!)
  const isPositive = new Uint8Array(order.length)
  const endsTie = new Uint8Array(order.length)
  for (let rank = 0; rank < order.length; rank++) {
    isPositive[rank] = positive[order[rank]!]!
    endsTie[rank] = Number(rank + 1 === order.length || scores[order[rank + 1]!] !== scores[order[rank]!])
  }

  return (weights) => {
    let negatives = 0
    let positives = 0
    let wins = 0
    let tiedNegatives = 0
    let tiedPositives = 0
    for (let rank = 0; rank < order.length; rank++) {
      const weight = weights[order[rank]!]!
      if (isPositive[rank] === 1) tiedPositives += weight
      else tiedNegatives += weight
      if (endsTie[rank] === 0) continue
      wins += tiedPositives * (negatives + tiedNegatives / 2)
      positives += tiedPositives
      negatives += tiedNegatives
      tiedPositives = 0
      tiedNegatives = 0
    }
    return positives === 0 || negatives === 0 ? null : wins / (positives * negatives)
  }
}
