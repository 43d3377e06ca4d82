import { addToMean, createRunningMean, type RunningMean } from './running-mean.ts'

export interface EddmOptions {
  /** Outcomes, and errors, before the first alarm. */
  readonly warmStart: number
  /** Share of the widest spacing below which it warns. */
  readonly alpha: number
  /** Share of the widest spacing below which it alarms. */
  readonly beta: number
}

export const EDDM_DEFAULTS: EddmOptions = { warmStart: 30, alpha: 0.95, beta: 0.9 }

/** Plain data; `warning` and `drift` are what the last error said, and stand until the next one. */
export interface Eddm {
  readonly options: EddmOptions
  readonly distance: RunningMean
  /** Sum of squared deviations of the distances from their mean. */
  squares: number
  n: number
  errors: number
  lastError: number
  widest: number
  warning: boolean
  drift: boolean
}

/** An early drift detection method with River 0.26's defaults where nothing else is said. */
export function createEddm(options: Partial<EddmOptions> = {}): Eddm {
  return {
    options: { ...EDDM_DEFAULTS, ...options },
    distance: createRunningMean(),
    squares: 0,
    n: 0,
    errors: 0,
    lastError: 0,
    widest: -1,
    warning: false,
    drift: false,
  }
}

/**
 * Takes one outcome (0 right, 1 wrong) and says whether errors come closer together; the state is changed
 * and returned.
 *
 * Follows the mean plus two standard deviations of the number of outcomes between errors: warns where it
 * fell below `alpha` of its greatest, alarms below `beta`. The outcome after an alarm starts anew.
 * Source: Baena-García et al., Early Drift Detection Method, 2006; agrees alarm by alarm with River 0.26.1
 * `drift.binary.EDDM` (`test/golden/classics.json`).
 */
export function updateEddm(state: Eddm, error: number): Eddm {
  if (state.drift) Object.assign(state, createEddm(state.options))
  state.n += 1
  if (error !== 1) return state
  state.errors += 1
  const spacing = addSpacing(state, state.n - state.lastError)
  state.lastError = state.n
  const { warmStart, alpha, beta } = state.options
  if (state.n <= warmStart) return state
  if (spacing > state.widest) {
    state.widest = spacing
  } else if (state.errors > warmStart) {
    const level = spacing / state.widest
    if (level < beta) state.drift = true
    else state.warning = level < alpha
  }
  return state
}

/** Counts a distance and returns the mean plus two standard deviations of all of them. */
function addSpacing(state: Eddm, distance: number): number {
  const before = state.distance.mean
  addToMean(state.distance, distance)
  state.squares += (distance - before) * (distance - state.distance.mean)
  const { n, mean } = state.distance
  return mean + 2 * Math.sqrt(n > 1 ? state.squares / (n - 1) : 0)
}
