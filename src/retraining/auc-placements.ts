/**
 * What each row adds to the area under the ROC curve: how far the share of the other class that it is ranked
 * right against, ties counting half, lies from the area, over the share of its own class. Their mean is 0.
 * All 0 where a class is missing. `scores` must be finite, `positive` of the same length.
 * Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), the structural components.
 */
export function aucPlacements(scores: Float64Array, positive: Uint8Array): Float64Array {
  const n = scores.length
  const parts = new Float64Array(n)
  const positives = positive.reduce((sum, each) => sum + each, 0)
  const negatives = n - positives
  if (positives === 0 || negatives === 0) return parts
  const order = new Uint32Array(n).map((_, index) => index).sort((a, b) => scores[a]! - scores[b]!)
  let [positivesBelow, negativesBelow, area] = [0, 0, 0]
  for (let from = 0, to = 0; from < n; from = to) {
    let tied = 0
    for (to = from; to < n && scores[order[to]!] === scores[order[from]!]; to++) tied += positive[order[to]!]!
    const tiedNegatives = to - from - tied
    for (const row of order.subarray(from, to)) {
      parts[row] = positive[row]
        ? (negativesBelow + tiedNegatives / 2) / negatives
        : 1 - (positivesBelow + tied / 2) / positives
      if (positive[row]) area += parts[row]! / positives
    }
    positivesBelow += tied
    negativesBelow += tiedNegatives
  }
  return parts.map((part, row) => ((part - area) * n) / (positive[row] ? positives : negatives))
}
