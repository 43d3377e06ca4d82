import type { Random } from '../../../src/statistics/random.ts'
import type { Concept } from './row.ts'

export interface HyperplaneOptions {
  readonly features: number
  /** The first so many weights move. */
  readonly driftFeatures: number
  /** Move of a weight an example. */
  readonly magnitude: number
  readonly noise: number
  /** Probability that a weight turns round, an example. */
  readonly turning: number
}

/**
 * A rotating hyperplane: numbers from 0 to 1, positive where their weighted sum is at least half of the
 * weights' sum. The weights are drawn once from `model`, and move with every example drawn. As in River,
 * noise and turning happen with 0.01 less than their probability.
 * Source: Hulten, Spencer and Domingos, KDD 2001; River 0.26.1 `datasets.synth.Hyperplane`.
 */
export function hyperplane(model: Random, options: Partial<HyperplaneOptions> = {}): Concept {
  const all = { features: 10, driftFeatures: 2, magnitude: 0, noise: 0.05, turning: 0.1, ...options }
  const weights = Float64Array.from({ length: all.features }, () => model())
  const directions = Float64Array.from({ length: all.driftFeatures }, () => 1)
  return (random) => {
    const x = Float64Array.from(weights, () => random())
    let sum = 0
    let half = 0
    for (let i = 0; i < x.length; i++) {
      sum += weights[i]! * x[i]!
      half += weights[i]! / 2
    }
    const isPositive = sum >= half
    const isFlipped = 0.01 + random() <= all.noise
    for (let i = 0; i < directions.length; i++) {
      weights[i]! += directions[i]! * all.magnitude
      if (0.01 + random() <= all.turning) directions[i]! *= -1
    }
    return { x, y: isPositive !== isFlipped ? 1 : 0 }
  }
}
