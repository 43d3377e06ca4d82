import type { FeatureEvent } from '../../src/events/feature-event.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'
import { standardNormal } from './distributions.ts'

/** What the events of a stream look like. */
export interface EventShape {
  readonly numeric: number
  readonly categorical: number
  /** Names of the models an event may be of, each as likely. */
  readonly models: readonly string[]
}

/** A prediction and, under the same index, what became of it. */
export interface EventStream {
  readonly features: readonly FeatureEvent[]
  readonly labels: readonly LabelEvent[]
}

export const VERSION = '1'

/** A whole minute, and a hundred events a second from there on: some panes of a minute each. */
const START_MS = Date.UTC(2026, 0, 1)
const GAP_MS = 10
const LABEL_DELAY_MS = 5_000

/** Categories of a categorical feature; the frequent ones are a hundred times as frequent as the rare. */
const CATEGORIES = 50

export function numericName(feature: number): string {
  return `num_${String(feature).padStart(2, '0')}`
}

export function categoricalName(feature: number): string {
  return `cat_${String(feature).padStart(2, '0')}`
}

/** So many predictions of a clean stream, and their labels; the same for the same seed. */
export function drawEvents(shape: EventShape, count: number, seed: string): EventStream {
  const random = createRandom(`events ${seed}`)
  const features: FeatureEvent[] = []
  const labels: LabelEvent[] = []
  for (let index = 0; index < count; index++) {
    const model = shape.models[Math.floor(random() * shape.models.length)]!
    const id = `p-${String(index).padStart(10, '0')}`
    const at = START_MS + index * GAP_MS
    const score = rounded(random())
    const values = drawFeatures(shape, random)
    features.push({
      model,
      version: VERSION,
      id,
      at,
      features: values,
      prediction: score < 0.5 ? 0 : 1,
      score,
    })
    labels.push({ model, id, at: at + LABEL_DELAY_MS, label: random() < score ? 1 : 0 })
  }
  return { features, labels }
}

function drawFeatures(shape: EventShape, random: Random): FeatureEvent['features'] {
  const values: FeatureEvent['features'] = {}
  for (let feature = 0; feature < shape.numeric; feature++) {
    values[numericName(feature)] = rounded(standardNormal(random) * (1 + feature / 10))
  }
  for (let feature = 0; feature < shape.categorical; feature++) {
    values[categoricalName(feature)] = `store-${Math.floor(CATEGORIES * random() ** 2)}`
  }
  return values
}

/** As many digits as people write into events. */
function rounded(x: number): number {
  return Number(x.toFixed(6))
}
