const SMALLEST = 1e-15
const LARGEST = 0.99

/**
 * Cauchy combination of p-values: one p-value of several tests, whatever their dependence, right in the tail.
 *
 * T = mean of tan((1/2 - p) π), p = 1/2 - atan(T) / π, every p first taken into [1e-15, 0.99]. In the body
 * (p above 0.01) it errs by up to a third to either side under dependence. No p-values: 1. NaN for NaN.
 * Source: Liu and Xie, Journal of the American Statistical Association 115 (2020).
 */
export function acat(pValues: ArrayLike<number>): number {
  if (pValues.length === 0) return 1
  let sum = 0
  for (let test = 0; test < pValues.length; test++) {
    const p = Math.min(LARGEST, Math.max(SMALLEST, pValues[test]!))
    sum += 1 / Math.tan(Math.PI * p)
  }
  const mean = sum / pValues.length
  // 1/2 - atan(T) / π without the digits that it would lose in the tail.
  return mean > 0 ? Math.atan(1 / mean) / Math.PI : 0.5 - Math.atan(mean) / Math.PI
}
