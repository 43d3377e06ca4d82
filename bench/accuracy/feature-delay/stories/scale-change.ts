import { normal } from '../../streams/injected.ts'
import type { FeatureStory } from '../story.ts'
import { oneFeature } from './one-feature.ts'

/** A normal feature whose standard deviation is so many times what it was. */
export function scaleChange(times: number): FeatureStory {
  return oneFeature(`spread ${times} times`, normal(), normal(0, times))
}
