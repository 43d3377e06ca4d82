import { ALTERNATIVES } from '../../draws/alternatives.ts'
import { normal, type ValueStream } from '../../streams/injected.ts'
import type { FeatureStory } from '../story.ts'
import { oneFeature } from './one-feature.ts'

/** Laws of mean 0 and variance 1 that are not normal. */
const SHAPES = {
  'heavy tails': ALTERNATIVES['heavy tails'],
  /** A gamma law of shape 4. */
  skew: (random) => {
    let sum = 0
    for (let part = 0; part < 4; part++) sum -= Math.log(1 - random())
    return (sum - 4) / 2
  },
  /** Half of the values around each of two places, 1.6 deviations apart. */
  'two humps': (random) => (random() < 0.5 ? 0.8 : -0.8) + 0.6 * normal()(random),
} as const satisfies Record<string, ValueStream>

/** A normal feature that takes on another shape; mean and variance stay. */
export function shapeChange(shape: keyof typeof SHAPES): FeatureStory {
  return oneFeature(`${shape}, same mean and sd`, normal(), SHAPES[shape])
}
