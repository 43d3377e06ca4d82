import { bisectRising } from './bisect.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { normalCdf } from './normal.ts'
import { solveLinear } from './solve-linear.ts'

/**
 * Mean number of values until a one-sided CUSUM of independent N(shift, 1) values passes `threshold`: the
 * sum is S <- max(0, S + x - slack), from 0, in standard deviations.
 *
 * Source: Page, Biometrika 41 (1954): his integral equation, solved on Gauss–Legendre nodes with an atom at
 * 0; agrees with Siegmund's approximation within 4 % for slacks of 0.25 and 0.5.
 */
export function cusumRunLength(slack: number, threshold: number, shift = 0): number {
  const inner = Math.min(200, 24 + Math.ceil(4 * threshold))
  const { nodes, weights } = gaussLegendre(inner, 0, threshold)
  // The last unknown is the run length from 0, where a whole lump of the sums lies.
  const size = inner + 1
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const from = i < inner ? nodes[i]! : 0
    for (let j = 0; j < inner; j++) {
      matrix[i * size + j] = -weights[j]! * normalDensity(nodes[j]! - from + slack - shift)
    }
    matrix[i * size + inner] = -normalCdf(slack - shift - from)
    matrix[i * size + i]! += 1
  }
  return solveLinear(matrix, new Float64Array(size).fill(1))[inner]!
}

/**
 * The threshold, in standard deviations, at which a two-sided CUSUM alarms once in `runLength` values that
 * never change, on average. The two sides share evenly: 1 / ARL = 2 / ARL of a side.
 * @throws STATE_IMPOSSIBLE for run lengths below 2 or beyond the threshold of 40
 */
export function cusumThreshold(slack: number, runLength: number): number {
  return bisectRising((threshold) => cusumRunLength(slack, threshold) / 2, runLength, 0.01, 40)
}

/**
 * Siegmund's approximation of `cusumRunLength`, in closed form.
 * Source: Siegmund, Sequential Analysis (1985): (e^(-2 d b) + 2 d b - 1) / (2 d^2), with d = shift - slack
 * and b = threshold + 1.166; b^2 at d = 0.
 */
export function siegmundRunLength(slack: number, threshold: number, shift = 0): number {
  const drift = shift - slack
  const height = threshold + 1.166
  if (Math.abs(drift * height) < 1e-6) return height * height
  return (Math.expm1(-2 * drift * height) + 2 * drift * height) / (2 * drift * drift)
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}
