/**
 * Benjamini and Hochberg's adjusted p-values: of those named at most q, a share of at most q is expected to be
 * wrong, under independence or positive dependence. For ranking in reports, not for alarms. In the order
 * given; NaN stays NaN and counts as a test.
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
