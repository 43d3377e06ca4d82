import type { Random } from '../../../src/statistics/random.ts'

/** Fills a row: numbers, and of categories their codes from 0. `sinceChange` is negative before the change. */
export type RowDraw = (random: Random, row: Float64Array, sinceChange: number) => void

/** Which quiet streams detectors are tuned on: of as many features, independent row by row or not. */
export type QuietKind = 'one' | 'ten' | 'dependent'

/** A stream of features that changes once, or never. */
export interface FeatureStory {
  readonly name: string
  readonly features: readonly ('numeric' | 'categorical')[]
  readonly tunedOn: QuietKind
  /** Rows from the change on within which an alarm is a hit. */
  readonly delayMax: number
  /** Counts in the means; the others are reported. */
  readonly isJudged: boolean
  /**
   * Begins the stream.
   * @param world what is drawn once for the whole play, reference included: the same when opened again
   */
  open(world: Random): RowDraw
}

export const DELAY_MAX = 4000
