import type { ValueStream } from '../../streams/injected.ts'
import { DELAY_MAX, type FeatureStory } from '../story.ts'

/** A single feature whose values come from one stream before the change and from another after it. */
export function oneFeature(
  name: string,
  before: ValueStream,
  after: ValueStream,
  kind: 'numeric' | 'categorical' = 'numeric',
): FeatureStory {
  return {
    name,
    features: [kind],
    tunedOn: 'one',
    delayMax: DELAY_MAX,
    isJudged: true,
    open: () => (random, row, sinceChange) => {
      row[0] = (sinceChange < 0 ? before : after)(random)
    },
  }
}
