/**
 * Holm's adjusted p-values: to name all that are at most alpha errs in any of them with probability at most
 * alpha, whatever their dependence. In the order given; NaN stays NaN and counts as a test.
 * Source: Holm, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const adjusted = Float64Array.from(pValues)
  let largest = 0
  for (const [rank, test] of rising(pValues).entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[test]!))
    if (!Number.isNaN(pValues[test]!)) adjusted[test] = largest
  }
  return adjusted
}

/**
 * Benjamini and Hochberg's adjusted p-values: of those named at most q, a share of at most q is expected to be
 * wrong, under independence or positive dependence. For ranking in reports, not for alarms. Order and NaN
 * as `holm`.
 * Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995); compared with scipy
 * 1.17.1 `stats.false_discovery_control`.
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const adjusted = Float64Array.from(pValues)
  const order = rising(pValues)
  let smallest = 1
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const test = order[rank]!
    if (Number.isNaN(pValues[test]!)) continue
    smallest = Math.min(smallest, (pValues.length * pValues[test]!) / (rank + 1))
    adjusted[test] = smallest
  }
  return adjusted
}

/** Places of the p-values from the smallest to the largest, NaN last. */
function rising(pValues: ArrayLike<number>): number[] {
  const value = (test: number): number => (Number.isNaN(pValues[test]!) ? Infinity : pValues[test]!)
  const order = Array.from(pValues, (_, test) => test)
  return order.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a - b))
}
