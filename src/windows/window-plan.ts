import type { CoarseCells } from '../sketches/coarse-cells.ts'
import type { PaneSketch } from '../sketches/types.ts'
import type { BaseWindowsShape } from './base-windows.ts'

/** What a version's panes are counted on, and which windows are made of them: plain data. */
export interface WindowPlan {
  /** What every delta must fit; see `outlineOf`. */
  readonly outline: PaneSketch
  /** Windows of features, one entry a length of the base window. */
  readonly features: readonly FeatureWindowsPlan[]
  readonly outcomes: BaseWindowsShape
  /** Windows of outcomes end so many panes before those of features. */
  readonly delayPanes: number
  /** How the features of a pane are remembered for dating; null while nothing can be judged yet. */
  readonly coarse: CoarseCells | null
  /** Panes back that changes of features, and of outcomes, are dated within. */
  readonly featureTrailPanes: number
  readonly outcomeTrailPanes: number
}

export interface FeatureWindowsPlan extends BaseWindowsShape {
  /** Positions of the features in the layout, rising. */
  readonly positions: readonly number[]
  /** Also of the scores of all predictions, which come with the features. */
  readonly withScores: boolean
}
