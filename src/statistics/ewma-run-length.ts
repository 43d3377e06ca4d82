import { bisectRising } from './bisect.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { solveLinear } from './solve-linear.ts'

/**
 * Mean number of values until an EWMA chart of independent N(shift, 1) values leaves its limits.
 *
 * The chart is z <- weight x + (1 - weight) z from 0, with constant limits at `limit` times its own long-run
 * standard deviation sqrt(weight / (2 - weight)).
 * Source: Crowder, Technometrics 29 (1987): its integral equation, solved on Gauss–Legendre nodes; agrees
 * with Lucas and Saccucci, Technometrics 32 (1990), table 3, to the digits printed.
 * @param weight of the newest value, 0 < weight <= 1
 */
export function ewmaRunLength(weight: number, limit: number, shift = 0): number {
  const bound = limit * Math.sqrt(weight / (2 - weight))
  // The kernel is a bell of standard deviation `weight`: some nodes for each.
  const size = Math.min(240, 24 + Math.ceil((6 * bound) / weight))
  const { nodes, weights } = gaussLegendre(size, -bound, bound)
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const step = (nodes[j]! - (1 - weight) * nodes[i]!) / weight - shift
      matrix[i * size + j] = (i === j ? 1 : 0) - (weights[j]! * normalDensity(step)) / weight
    }
  }
  const lengths = solveLinear(matrix, new Float64Array(size).fill(1))
  let mean = 1
  for (let j = 0; j < size; j++) {
    mean += ((weights[j]! * normalDensity(nodes[j]! / weight - shift)) / weight) * lengths[j]!
  }
  return mean
}

/**
 * The limit, in long-run standard deviations, at which an EWMA chart alarms once in `runLength` values that
 * never change, on average. From 2 to 1e7 values.
 * @throws STATE_IMPOSSIBLE for other run lengths
 */
export function ewmaLimit(weight: number, runLength: number): number {
  return bisectRising((limit) => ewmaRunLength(weight, limit), runLength, 0.05, 6)
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}
