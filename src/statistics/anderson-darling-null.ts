import { logWeightedChiSquareSurvival, type WeightedChiSquare } from './weighted-chi-square.ts'

/**
 * Eigenvalues taken one by one; of the others, each near 1 % of the first, two moments are enough:
 * a relative error of p below 5e-5.
 */
const EIGENVALUES = 12
const BISECTIONS = 52

/** Nodes of the table, evenly in ln x: an interpolation error below 4e-5 of p. */
const NODES = 64
const X_MIN = 0.02
const X_MAX = 1500

/** P(A > x), and the law it comes from. */
export interface AndersonDarlingNull {
  readonly law: WeightedChiSquare
  readonly survival: (x: number) => number
}

/**
 * The null law of sum_j w_j B(t_j)², B a Brownian bridge seen at the edges of a grid only: a weighted sum of
 * chi-squared variables whose weights are the eigenvalues of W^½ K W^½, K the bridge's covariance.
 *
 * K's inverse is tridiagonal, so the largest eigenvalues come from counting signs in a recurrence (Sturm),
 * and no chance is needed. One table a grid, then a p-value costs an interpolation. Atoms and few cells are
 * no special case. No edge: survival 1.
 * @param gaps masses between neighbouring edges, positive, one more than edges; their sum is 1
 * @param weights of the edges, positive
 */
export function andersonDarlingNull(
  gaps: ArrayLike<number>,
  weights: ArrayLike<number>,
): AndersonDarlingNull {
  const law = nullLaw(gaps, weights)
  if (law.weights.length === 0) return { law, survival: () => 1 }
  // What is left of ln P after its straight asymptote hardly bends.
  const slope = 1 / (2 * law.weights[0]!)
  const scale = law.weights[0]! * 2
  const low = Math.log(X_MIN * scale)
  const spacing = (Math.log(X_MAX * scale) - low) / (NODES - 1)
  const table = new Float64Array(NODES)
  for (let node = 0; node < NODES; node++) {
    const x = Math.exp(low + node * spacing)
    table[node] = logWeightedChiSquareSurvival(x, law) + slope * x
  }
  return {
    law,
    survival(x) {
      const at = (Math.log(x) - low) / spacing
      if (!(at > 1)) return x > 0 ? Math.min(1, Math.exp(logWeightedChiSquareSurvival(x, law))) : 1
      const node = Math.min(NODES - 3, Math.floor(at))
      return Math.min(1, Math.exp(cubic(table, node, at - node) - slope * x))
    },
  }
}

/** Lagrange's cubic through the nodes before, at, after and after that; a straight line past the end. */
function cubic(table: Float64Array, node: number, f: number): number {
  const a = table[node - 1]!
  const b = table[node]!
  const c = table[node + 1]!
  const d = table[node + 2]!
  if (f > 2) return d + (f - 2) * (d - c)
  return (
    (-a * f * (f - 1) * (f - 2)) / 6 +
    (b * (f + 1) * (f - 1) * (f - 2)) / 2 -
    (c * (f + 1) * f * (f - 2)) / 2 +
    (d * (f + 1) * f * (f - 1)) / 6
  )
}

function nullLaw(gaps: ArrayLike<number>, weights: ArrayLike<number>): WeightedChiSquare {
  const edges = weights.length
  const diagonal = new Float64Array(edges)
  const squaredNeighbour = new Float64Array(edges)
  let trace = 0
  let squareTrace = 0
  let below = 0
  let prefix = 0
  for (let edge = 0; edge < edges; edge++) {
    const weight = weights[edge]!
    diagonal[edge] = (1 / gaps[edge]! + 1 / gaps[edge + 1]!) / weight
    squaredNeighbour[edge] = edge === 0 ? 0 : 1 / (gaps[edge]! ** 2 * weight * weights[edge - 1]!)
    below += gaps[edge]!
    const above = 1 - below
    trace += weight * below * above
    // K_ij = t_i (1 - t_j) for i < j, so the sum over pairs runs through prefixes.
    squareTrace += weight * above * above * (2 * prefix + weight * below * below)
    prefix += weight * below * below
  }

  const found: number[] = []
  let low = 0
  for (let k = 0; k < Math.min(EIGENVALUES, edges); k++) {
    low = inverseEigenvalue(k, low, diagonal, squaredNeighbour)
    found.push(1 / low)
  }
  if (found.length === edges) return { weights: found, restMean: 0, restVariance: 0 }
  const restMean = Math.max(0, trace - found.reduce((sum, weight) => sum + weight, 0))
  const restSquares = squareTrace - found.reduce((sum, weight) => sum + weight * weight, 0)
  // None of the rest is above the last one found; where it is tiny, the differences are rounding errors.
  const restVariance = 2 * Math.min(Math.max(0, restSquares), restMean / low)
  return { weights: found, restMean, restVariance }
}

/** The k-th smallest eigenvalue of a tridiagonal matrix, known to be at least `from`. */
function inverseEigenvalue(k: number, from: number, diagonal: Float64Array, squared: Float64Array): number {
  let low = from
  let high = Math.max(1, 2 * from)
  while (countBelow(high, diagonal, squared, k) <= k) high *= 2
  for (let step = 0; step < BISECTIONS && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2
    if (countBelow(middle, diagonal, squared, k) <= k) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** How many eigenvalues lie below `value`; stops counting past `enough`. */
function countBelow(value: number, diagonal: Float64Array, squared: Float64Array, enough: number): number {
  let count = 0
  let pivot = 1
  for (let row = 0; row < diagonal.length; row++) {
    pivot = diagonal[row]! - value - squared[row]! / pivot
    if (pivot === 0) pivot = 1e-300
    if (pivot < 0 && ++count > enough) return count
  }
  return count
}
