/** ln(e^a + e^b), without overflow; -Infinity is ln 0. */
export function logSum(a: number, b: number): number {
  const high = Math.max(a, b)
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high))
}
