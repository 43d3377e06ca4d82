import type { Random } from '../../../src/statistics/random.ts'
import { standardNormal } from '../../streams/distributions.ts'
import type { Concept } from './row.ts'

interface Centroid {
  readonly centre: Float64Array
  readonly y: number
  readonly sd: number
  readonly weight: number
}

/**
 * Examples around centroids, each with a class, a spread and a weight of its own, all drawn once from
 * `model`; the distance from the centre is normal, the direction that of a point of a cube.
 * Source: River 0.26.1 `datasets.synth.RandomRBF`, after MOA.
 */
export function randomRbf(model: Random, { classes = 2, features = 10, centroids = 50 } = {}): Concept {
  const all: Centroid[] = Array.from({ length: centroids }, () => ({
    centre: Float64Array.from({ length: features }, () => model()),
    y: Math.floor(classes * model()),
    sd: model(),
    weight: model(),
  }))
  const weights = all.reduce((sum, { weight }) => sum + weight, 0)
  return (random) => {
    const centroid = pick(all, weights * random())
    const direction = Float64Array.from({ length: features }, () => 2 * random() - 1)
    const length = Math.hypot(...direction)
    const distance = standardNormal(random) * centroid.sd
    const x = centroid.centre.map((c, i) => c + (direction[i]! * distance) / length)
    return { x, y: centroid.y }
  }
}

/** The centroid at which the sum of weights passes `mass`. */
function pick(centroids: readonly Centroid[], mass: number): Centroid {
  let sum = 0
  for (const centroid of centroids) {
    sum += centroid.weight
    if (sum > mass) return centroid
  }
  return centroids.at(-1)!
}
