/** A straight line's rise and how sure of it one can be. */
export interface Slope {
  readonly perUnit: number
  /** The 95 % interval about it. */
  readonly low: number
  readonly high: number
}

const TWO_SIDED_95 = 2.02

/**
 * Least squares. What lies beside the line is not independent from one sample to the next (memory is taken and
 * given back in long swings), so the interval counts only as many samples as the first autocorrelation leaves.
 * @param points at least four; the quantile is Student's at 40 degrees of freedom
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  if (points.length < 4) throw new Error(`expected at least four points, got ${points.length}`)
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const spread = sum(points.map(([x]) => (x - mx) ** 2))
  const perUnit = sum(points.map(([x, y]) => (x - mx) * (y - my))) / spread
  const residuals = points.map(([x, y]) => y - my - perUnit * (x - mx))
  const squares = sum(residuals.map((residual) => residual ** 2))
  const neighbours = sum(residuals.slice(1).map((residual, index) => residual * residuals[index]!))
  const autocorrelation = squares === 0 ? 0 : Math.min(0.99, Math.max(0, neighbours / squares))
  const effective = Math.max(3, (points.length * (1 - autocorrelation)) / (1 + autocorrelation))
  const error = Math.sqrt((squares / points.length / spread) * (points.length / (effective - 2)))
  return { perUnit, low: perUnit - TWO_SIDED_95 * error, high: perUnit + TWO_SIDED_95 * error }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}
