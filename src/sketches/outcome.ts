import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { CategoryDictionary } from './types.ts'

/** What a model said. */
export interface Prediction {
  readonly prediction: FeatureEvent['prediction']
  readonly score: FeatureEvent['score']
  /** binary: the label, as text, that counts as positive. */
  readonly positiveLabel: string
  /** multiclass: the reference's classes; without them only accuracy and losses are counted. */
  readonly classes?: CategoryDictionary | null
}

/** A prediction and what became of it. */
export interface Outcome extends Prediction {
  readonly label: LabelEvent['label']
}
