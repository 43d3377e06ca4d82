import type { Dial } from '../delay/tune.ts'
import type { FeatureStory } from './story.ts'

/** What was known before the watch: rows of the unchanged stream, column by column. */
export interface FeatureSample {
  readonly kinds: FeatureStory['features']
  readonly columns: readonly Float64Array[]
}

/** Takes a row and says whether it alarms; after an alarm it has begun anew, its reference as before. */
export type RowWatch = (row: Float64Array) => boolean

/** A detector with one number that trades false alarms for delay. */
export interface FeatureCompetitor extends Dial {
  readonly name: string
  readonly isRival: boolean
  /** What is tuned, in words. */
  readonly tuned: string
  /** What the reference costs once, for watches of every strictness. */
  prepare(sample: FeatureSample): (strictness: number) => RowWatch
}

/** Rows of the reference. */
export const REFERENCE_ROWS = 10_000

/** Rows of a pane: ours looks when one is over. */
export const PANE_ROWS = 50
