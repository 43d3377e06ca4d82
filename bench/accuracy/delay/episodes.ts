import { createRandom } from '../../../src/statistics/random.ts'
import { isWrong } from '../models/error-stream.ts'
import { fitLogistic } from '../models/logistic.ts'
import { fitNaiveBayes, type Model } from '../models/naive-bayes.ts'
import { agrawal } from '../streams/agrawal.ts'
import { type HyperplaneOptions, hyperplane } from '../streams/hyperplane.ts'
import { led } from '../streams/led.ts'
import { randomRbf } from '../streams/random-rbf.ts'
import { type Concept, mixed, type Row, withLabelNoise } from '../streams/row.ts'
import { sea } from '../streams/sea.ts'
import { sine } from '../streams/sine.ts'
import { stagger } from '../streams/stagger.ts'
import { waveform } from '../streams/waveform.ts'

/** Errors (0 or 1) of a fixed model, outcome by outcome. */
export interface Episode {
  /** Labelled outcomes before the watch begins. */
  readonly reference: Uint8Array
  readonly watched: Uint8Array
  /** Index in `watched` at which the concept changes; its length where it never does. */
  readonly change: number
}

/** A stream whose concept changes once, or never. */
export interface Story {
  readonly name: string
  readonly classes: number
  readonly model: 'logistic' | 'naive-bayes'
  /** Outcomes after the change within which an alarm is a hit. */
  readonly delayMax: number
  /** Draws the world before and after anew, for streams that have a world of their own. */
  readonly concepts: (seed: string) => readonly [before: Concept, after: Concept]
}

const TRAINING = 3000

/** Streams on which thresholds are tuned: nothing changes in them. None is among those that are scored. */
export const QUIET: readonly Story[] = [
  quiet('waveform', 3, 'naive-bayes', () => waveform()),
  quiet('rbf', 2, 'naive-bayes', (seed) => randomRbf(createRandom(`${seed} world`))),
  quiet('led', 10, 'naive-bayes', () => led(0.1)),
]

/** Streams on which delays are scored: the whole change, and changes that reach a part of the examples. */
export const CHANGING: readonly Story[] = [
  changing('sea 8 to 9', 'logistic', 8000, sea(0), sea(1), 0.1),
  changing('sea 8 to 7', 'logistic', 8000, sea(0), sea(2), 0.1),
  changing('sea 8 to 9.5', 'logistic', 8000, sea(0), sea(3), 0.1),
  changing('sine curves', 'logistic', 4000, sine(0), sine(2), 0.1),
  changing('sine turned round, a fifth', 'logistic', 4000, sine(0), mixed(sine(0), sine(1), 0.2), 0.1),
  changing('stagger rules', 'naive-bayes', 2000, stagger(0), stagger(1), 0.1),
  changing(
    'stagger rules, a tenth',
    'naive-bayes',
    8000,
    stagger(1),
    mixed(stagger(1), stagger(2), 0.1),
    0.1,
  ),
  changing('agrawal rules', 'naive-bayes', 2000, agrawal(2), agrawal(3), 0.05),
  changing(
    'agrawal rules, a tenth',
    'naive-bayes',
    8000,
    agrawal(6),
    mixed(agrawal(6), agrawal(2), 0.1),
    0.05,
  ),
  // Half of the examples follow another plane from one moment on; then a plane that turns slowly.
  {
    name: 'hyperplane, half',
    classes: 2,
    model: 'logistic',
    delayMax: 4000,
    concepts: (seed) => {
      const before = plane(seed)
      return [before, mixed(before, plane(`${seed} other`), 0.5)]
    },
  },
  {
    name: 'hyperplane turning',
    classes: 2,
    model: 'logistic',
    delayMax: 8000,
    concepts: (seed) => [plane(seed), plane(seed, { driftFeatures: 10, magnitude: 0.0005, turning: 0 })],
  },
]

/** The same plane for the same seed. */
function plane(seed: string, options: Partial<HyperplaneOptions> = {}): Concept {
  return hyperplane(createRandom(`${seed} world`), options)
}

function quiet(
  name: string,
  classes: number,
  model: Story['model'],
  concept: (seed: string) => Concept,
): Story {
  return {
    name,
    classes,
    model,
    delayMax: 0,
    concepts: (seed) => {
      const only = concept(seed)
      return [only, only]
    },
  }
}

function changing(
  name: string,
  model: Story['model'],
  delayMax: number,
  before: Concept,
  after: Concept,
  noise: number,
): Story {
  const concepts = [withLabelNoise(before, noise), withLabelNoise(after, noise)] as const
  return { name, classes: 2, model, delayMax, concepts: () => concepts }
}

/** One play of a story; the same for the same seed. A model is fitted on rows before the reference. */
export function play(story: Story, seed: string, reference: number, before: number, after: number): Episode {
  const random = createRandom(`${story.name} ${seed}`)
  const [first, second] = story.concepts(`${story.name} ${seed}`)
  const rows = Array.from({ length: TRAINING }, () => first(random))
  const model = train(story, rows)
  const watched = new Uint8Array(before + after)
  const errors = Uint8Array.from({ length: reference }, () => isWrong(model, first(random)))
  for (let i = 0; i < watched.length; i++) watched[i] = isWrong(model, (i < before ? first : second)(random))
  return { reference: errors, watched, change: before }
}

function train({ model, classes }: Story, rows: readonly Row[]): Model {
  return model === 'logistic' ? fitLogistic(rows) : fitNaiveBayes(rows, classes)
}
