import { fSurvival } from './f-distribution.ts'

/** What one window of the reference differs from the next, learned from K of them. */
export interface PaneLaw {
  readonly panes: number
  readonly mean: Float64Array
  /** Components that take part; the first ones, where the panes are too few or too alike for all. */
  readonly order: number
  /** Lower triangle of the covariance's Cholesky factor, row by row, `order` squared values. */
  readonly factor: Float64Array
}

export interface HotellingResult {
  readonly tSquared: number
  readonly pValue: number
  /** Degrees of freedom of the F law: components, and panes less components. */
  readonly degreesOfFreedom: readonly [number, number]
}

/** A pivot below this part of its variance is rounding, or a component that repeats those before it. */
const PIVOT_MIN = 1e-10
const CONSTANT = 1e-12
/** Fewer panes than this above the components make an F law whose tail no change can pass. */
const SPARE_PANES_MIN = 4

/**
 * Learns how much windows differ that should not: mean and covariance of the means of K reference panes.
 *
 * Right under any dependence of values within a pane and any shift common to a pane, as long as the panes
 * are exchangeable (whole cycles: a day of hours) and each mean is roughly normal.
 * @param means one array of components a pane, all of one length
 * @returns null for fewer than components-taking-part + 4 panes, or where nothing varies
 */
export function paneLaw(means: readonly ArrayLike<number>[]): PaneLaw | null {
  const panes = means.length
  const components = Math.min(means[0]?.length ?? 0, panes - SPARE_PANES_MIN)
  if (components < 1) return null
  const mean = new Float64Array(components)
  for (const row of means) for (let k = 0; k < components; k++) mean[k]! += row[k]! / panes
  const covariance = new Float64Array(components * components)
  for (const row of means) {
    for (let i = 0; i < components; i++) {
      for (let j = 0; j <= i; j++) {
        covariance[i * components + j]! += ((row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / (panes - 1)
      }
    }
  }
  for (let k = 0; k < components; k++) {
    // A constant's mean is off by a rounding error, and so is its variance.
    if (covariance[k * components + k]! < (CONSTANT * mean[k]!) ** 2) covariance[k * components + k] = 0
  }
  const { factor, order } = cholesky(covariance, components)
  return order === 0 ? null : { panes, mean: mean.slice(0, order), order, factor }
}

/**
 * Hotelling's T² of a window's mean against reference panes: T² = d' S⁻¹ d / (1 / w + 1 / K),
 * p = P(F(p, K - p) > T² (K - p) / (p (K - 1))). For one component the square of Student's t.
 *
 * The few panes are in the price: the law is exact for normal means. NaN in a component: p-value NaN.
 * Source: Hotelling, Annals of Mathematical Statistics 2 (1931).
 * @param windowMean component means of the window: sums over its values, divided by n
 * @param windowPanes panes the window is long: 1 for a base window
 */
export function hotelling(law: PaneLaw, windowMean: ArrayLike<number>, windowPanes: number): HotellingResult {
  const { panes, mean, order, factor } = law
  const whitened = new Float64Array(order)
  let square = 0
  for (let i = 0; i < order; i++) {
    let rest = windowMean[i]! - mean[i]!
    for (let j = 0; j < i; j++) rest -= factor[i * order + j]! * whitened[j]!
    whitened[i] = rest / factor[i * order + i]!
    square += whitened[i]! ** 2
  }
  const tSquared = square / (1 / windowPanes + 1 / panes)
  const spare = panes - order
  return {
    tSquared,
    pValue: Number.isNaN(tSquared)
      ? Number.NaN
      : fSurvival((tSquared * spare) / (order * (panes - 1)), order, spare),
    degreesOfFreedom: [order, spare],
  }
}

/** Cholesky's factor of the largest leading block that has one. */
function cholesky(matrix: Float64Array, size: number): { factor: Float64Array; order: number } {
  const rows: number[][] = []
  for (let i = 0; i < size; i++) {
    const row: number[] = []
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * size + j]!
      for (let k = 0; k < j; k++) value -= row[k]! * (j === i ? row[k]! : rows[j]![k]!)
      if (j < i) row.push(value / rows[j]![j]!)
      else row.push(value > PIVOT_MIN * matrix[i * size + i]! ? Math.sqrt(value) : 0)
    }
    if (!(row[i]! > 0)) break
    rows.push(row)
  }
  const order = rows.length
  const factor = new Float64Array(order * order)
  for (const [i, row] of rows.entries()) factor.set(row, i * order)
  return { factor, order }
}
