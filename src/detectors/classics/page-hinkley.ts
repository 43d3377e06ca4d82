import { addToMean, createRunningMean, type RunningMean } from './running-mean.ts'

export interface PageHinkleyOptions {
  /** Values before the first alarm. */
  readonly minInstances: number
  /** Change per value that is put up with, in the unit of the values. */
  readonly delta: number
  /** Height of the sum that is an alarm, in the unit of the values. */
  readonly threshold: number
  /** Share of the sum that is kept from value to value. */
  readonly alpha: number
  readonly mode: 'up' | 'down' | 'both'
}

export const PAGE_HINKLEY_DEFAULTS: PageHinkleyOptions = {
  minInstances: 30,
  delta: 0.005,
  threshold: 50,
  alpha: 1 - 0.0001,
  mode: 'both',
}

/** Plain data; `drift` is what the last value said. */
export interface PageHinkley {
  readonly options: PageHinkleyOptions
  readonly mean: RunningMean
  sumUp: number
  sumDown: number
  least: number
  greatest: number
  warning: boolean
  drift: boolean
}

/** A Page–Hinkley test with River 0.26's defaults where nothing else is said. */
export function createPageHinkley(options: Partial<PageHinkleyOptions> = {}): PageHinkley {
  const state = {
    options: { ...PAGE_HINKLEY_DEFAULTS, ...options },
    mean: createRunningMean(),
    sumUp: 0,
    sumDown: 0,
    least: Infinity,
    greatest: -1,
    warning: false,
    drift: false,
  }
  return state
}

/**
 * Takes one value and says whether the mean has moved; the state is changed and returned.
 *
 * Sums the deviations from the mean so far, less (for a rise) or plus (for a fall) `delta`, and alarms when
 * a sum stands `threshold` above its least or below its greatest. The value after an alarm starts anew.
 * The threshold is in the unit of the values: on 0/1 errors and on prices it means different things. It
 * never warns. A NaN spoils the sums until it is started anew: keep it out.
 * Source: Page, Biometrika 41 (1954); agrees alarm by alarm with River 0.26.1 `drift.PageHinkley`
 * (`test/golden/classics.json`).
 */
export function updatePageHinkley(state: PageHinkley, value: number): PageHinkley {
  if (state.drift) startAnew(state)
  const { delta, threshold, alpha, minInstances, mode } = state.options
  addToMean(state.mean, value)
  const deviation = value - state.mean.mean
  state.sumUp = alpha * state.sumUp + deviation - delta
  state.sumDown = alpha * state.sumDown + deviation + delta
  state.least = Math.min(state.least, state.sumUp)
  state.greatest = Math.max(state.greatest, state.sumDown)
  if (state.mean.n >= minInstances) {
    const rose = mode !== 'down' && state.sumUp - state.least > threshold
    const fell = mode !== 'up' && state.greatest - state.sumDown > threshold
    state.drift = rose || fell
  }
  return state
}

function startAnew(state: PageHinkley): void {
  Object.assign(state, createPageHinkley(state.options))
}
