import { autoregressive, normal, type ValueStream } from '../streams/injected.ts'
import type { FeatureStory, QuietKind } from './story.ts'

/** What becomes of a standard normal value: laws that no scored story has. */
const LAWS: readonly (readonly [name: string, of: (z: number) => number])[] = [
  ['lognormal', (z) => Math.exp(z / 2)],
  ['peaked', (z) => z * Math.abs(z)],
  ['flat', (z) => Math.atan(1.5 * z)],
]

const TEN = 10

/** Streams on which detectors are tuned: nothing changes in them. */
export const QUIET: readonly FeatureStory[] = LAWS.flatMap(([name, law], at) => [
  quiet('one', name, 1, () => {
    const draw = normal()
    return (random, row) => {
      row[0] = law(draw(random))
    }
  }),
  quiet('ten', name, TEN, () => {
    const draw = normal()
    // Features hang together as much as those of the stories do, on average.
    const rho = [0, 0.3, 0.6][at]!
    return (random, row) => {
      const hidden = Math.sqrt(rho) * draw(random)
      for (let feature = 0; feature < TEN; feature++) {
        row[feature] = law(hidden + Math.sqrt(1 - rho) * draw(random))
      }
    }
  }),
  quiet('dependent', name, 1, () => {
    const next: ValueStream = autoregressive([0.5, 0.6, 0.7][at]!)
    return (random, row) => {
      row[0] = law(next(random))
    }
  }),
])

function quiet(kind: QuietKind, name: string, features: number, open: FeatureStory['open']): FeatureStory {
  return {
    name: `${name}, ${kind}`,
    features: Array.from({ length: features }, () => 'numeric' as const),
    tunedOn: kind,
    delayMax: 0,
    isJudged: false,
    open,
  }
}
