import { withCategory, zipf } from '../../streams/injected.ts'
import type { FeatureStory } from '../story.ts'
import { oneFeature } from './one-feature.ts'

const CATEGORIES = 8
/** A seldom one, of about 6 % before. */
const GROWING = 5

/** Categories of shares falling as 1 / rank, of which a share moves to one that was seldom. */
export function categoryShift(share: number): FeatureStory {
  const before = zipf(CATEGORIES)
  const name = `${100 * share} % to one of ${CATEGORIES} categories`
  return oneFeature(name, before, withCategory(before, GROWING, share), 'categorical')
}
