import { normal } from '../../streams/injected.ts'
import type { FeatureStory } from '../story.ts'
import { oneFeature } from './one-feature.ts'

/** A normal feature whose mean moves by so many standard deviations. */
export function meanShift(deviations: number): FeatureStory {
  return oneFeature(`mean up by ${deviations} sd`, normal(), normal(deviations))
}
