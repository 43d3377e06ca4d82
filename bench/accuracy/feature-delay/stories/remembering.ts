import { autoregressive } from '../../streams/injected.ts'
import { DELAY_MAX, type FeatureStory, type QuietKind } from '../story.ts'

const PHI = 0.6

interface Remembering {
  readonly tunedOn: Extract<QuietKind, 'one' | 'dependent'>
  readonly mean: number
  readonly sd: number
}

/**
 * A feature that hangs on its value in the row before, AR(1) at 0.6, and moves in mean and spread. Where
 * detectors were tuned on independent rows it is reported only: most cry all the time, and so are quick.
 */
export function remembering(name: string, { tunedOn, mean, sd }: Remembering): FeatureStory {
  return {
    name,
    features: ['numeric'],
    tunedOn,
    delayMax: DELAY_MAX,
    isJudged: tunedOn === 'dependent',
    open() {
      const next = autoregressive(PHI)
      return (random, row, sinceChange) => {
        const value = next(random)
        row[0] = sinceChange < 0 ? value : mean + sd * value
      }
    },
  }
}
