import { normal } from '../../streams/injected.ts'
import { DELAY_MAX, type FeatureStory } from '../story.ts'

const FEATURES = 10
/** Correlation of any two. */
const RHO = 0.3

interface Move {
  /** How many of the ten move. */
  readonly moving: number
  readonly mean: number
  readonly sd: number
}

/** Ten normal features that hang together, of which some move in mean and spread. */
export function tenFeatures(name: string, { moving, mean, sd }: Move): FeatureStory {
  const noise = normal()
  return {
    name,
    features: Array.from({ length: FEATURES }, () => 'numeric' as const),
    tunedOn: 'ten',
    delayMax: DELAY_MAX,
    isJudged: true,
    open: () => (random, row, sinceChange) => {
      const hidden = Math.sqrt(RHO) * noise(random)
      for (let feature = 0; feature < FEATURES; feature++) {
        const value = hidden + Math.sqrt(1 - RHO) * noise(random)
        row[feature] = sinceChange >= 0 && feature < moving ? mean + sd * value : value
      }
    },
  }
}
