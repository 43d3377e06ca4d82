import { normal } from '../../streams/injected.ts'
import { DELAY_MAX, type FeatureStory } from '../story.ts'

/** A normal feature whose mean rises evenly to one standard deviation within so many rows, and stays. */
export function slowRise(rows: number): FeatureStory {
  const noise = normal()
  return {
    name: `mean rising to 1 sd in ${rows} rows`,
    features: ['numeric'],
    tunedOn: 'one',
    delayMax: 2 * DELAY_MAX,
    isJudged: true,
    open: () => (random, row, sinceChange) => {
      row[0] = noise(random) + Math.min(1, Math.max(0, sinceChange / rows))
    },
  }
}
