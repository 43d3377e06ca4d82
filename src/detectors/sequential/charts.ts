import { cusumThreshold } from '../../statistics/cusum-run-length.ts'
import { ewmaLimit } from '../../statistics/ewma-run-length.ts'
import { normalQuantile } from '../../statistics/normal.ts'

/** What the values are while nothing changes; a pane's metric has the deviation of reference panes' metric. */
export interface ChartTarget {
  readonly mean: number
  readonly sd: number
}

/** Plain data; the last fields are those after the last value. `limit` is in standard deviations. */
export interface ShewhartChart {
  readonly target: ChartTarget
  readonly limit: number
  warning: boolean
  drift: boolean
}

/** The same, with the weighted mean so far, in standard deviations of a value. */
export interface EwmaChart extends ShewhartChart {
  readonly weight: number
  average: number
}

/** The same, with the two sums so far, in standard deviations of a value. */
export interface CusumChart extends ShewhartChart {
  readonly slack: number
  up: number
  down: number
}

/** Between this share of the limit and the limit a chart warns. */
const WARNING_SHARE = 2 / 3

/**
 * A chart of single values, two-sided, with one false alarm in `runLength` on average: sees large changes of
 * a single value, and is the slowest on small ones.
 * Source: Shewhart 1931; limit Phi^-1(1 - 1 / (2 runLength)).
 */
export function createShewhartChart(target: ChartTarget, runLength: number): ShewhartChart {
  return { target, limit: -normalQuantile(1 / (2 * runLength)), warning: false, drift: false }
}

export function updateShewhart(state: ShewhartChart, value: number): ShewhartChart {
  return say(state, Math.abs(standardise(state.target, value)))
}

/**
 * A chart of an exponentially weighted mean, two-sided, with one false alarm in `runLength` on average: sees
 * small lasting changes, the smaller the weight the smaller.
 * Source: Roberts 1959; limit from `ewmaLimit`, constant from the first value on, as it was designed.
 * @param weight of the newest value, by default 0.1
 */
export function createEwmaChart(target: ChartTarget, runLength: number, weight = 0.1): EwmaChart {
  return { target, limit: ewmaLimit(weight, runLength), weight, average: 0, warning: false, drift: false }
}

export function updateEwma(state: EwmaChart, value: number): EwmaChart {
  if (state.drift) state.average = 0
  const { weight } = state
  state.average += weight * (standardise(state.target, value) - state.average)
  return say(state, Math.abs(state.average) / Math.sqrt(weight / (2 - weight)))
}

/**
 * A chart of cumulated sums, two-sided, with one false alarm in `runLength` on average: the quickest on
 * lasting changes of twice its slack.
 * Source: Page 1954; threshold from `cusumThreshold`.
 * @param slack by which a value must differ to count, in standard deviations, by default 0.5
 */
export function createCusumChart(target: ChartTarget, runLength: number, slack = 0.5): CusumChart {
  const limit = cusumThreshold(slack, runLength)
  return { target, limit, slack, up: 0, down: 0, warning: false, drift: false }
}

export function updateCusum(state: CusumChart, value: number): CusumChart {
  if (state.drift) {
    state.up = 0
    state.down = 0
  }
  const z = standardise(state.target, value)
  state.up = Math.max(0, state.up + z - state.slack)
  state.down = Math.max(0, state.down - z - state.slack)
  return say(state, Math.max(state.up, state.down))
}

function standardise({ mean, sd }: ChartTarget, value: number): number {
  return (value - mean) / sd
}

function say<Chart extends ShewhartChart>(state: Chart, height: number): Chart {
  state.drift = height > state.limit
  state.warning = !state.drift && height > WARNING_SHARE * state.limit
  return state
}
