/** Points and weights of a quadrature on an interval. */
export interface Quadrature {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/**
 * Gauss–Legendre quadrature with `count` nodes on [low, high]: exact for polynomials up to degree
 * 2 count - 1.
 *
 * Newton's method on the Legendre polynomial from Chebyshev-like starts; nodes and weights to 1e-14 for
 * counts up to some hundreds.
 * Source: Abramowitz and Stegun 25.4.29 and 25.4.30.
 */
export function gaussLegendre(count: number, low: number, high: number): Quadrature {
  const nodes = new Float64Array(count)
  const weights = new Float64Array(count)
  const half = (high - low) / 2
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5))
    let slope = 1
    for (let step = 0; step < 8; step++) {
      let value = 1
      let before = 0
      for (let k = 1; k <= count; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * before) / k
        before = value
        value = next
      }
      slope = (count * (x * value - before)) / (x * x - 1)
      x -= value / slope
    }
    nodes[i] = low + half * (1 - x)
    weights[i] = (2 * half) / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}
