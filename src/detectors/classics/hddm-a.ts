import { addToMean, createRunningMean, type RunningMean } from './running-mean.ts'

export interface HddmAOptions {
  /** Level of the test that is an alarm. */
  readonly driftConfidence: number
  /** Level of the test that is a warning. */
  readonly warningConfidence: number
  /** Whether a fall of the mean is looked for, too. */
  readonly twoSided: boolean
}

export const HDDM_A_DEFAULTS: HddmAOptions = {
  driftConfidence: 0.001,
  warningConfidence: 0.005,
  twoSided: false,
}

/** Plain data; `warning` and `drift` are what the last value said. */
export interface HddmA {
  readonly options: HddmAOptions
  all: RunningMean
  /** The stretch from the start with the least upper bound of its mean. */
  lowest: RunningMean
  /** The stretch from the start with the greatest lower bound of its mean. */
  highest: RunningMean
  warning: boolean
  drift: boolean
}

/** An averaging Hoeffding detector with River 0.26's defaults where nothing else is said. */
export function createHddmA(options: Partial<HddmAOptions> = {}): HddmA {
  return {
    options: { ...HDDM_A_DEFAULTS, ...options },
    all: createRunningMean(),
    lowest: createRunningMean(),
    highest: createRunningMean(),
    warning: false,
    drift: false,
  }
}

/**
 * Takes one value in [0, 1] and says whether the mean rose (or moved); the state is changed and returned.
 *
 * Compares the mean of all values with that of the stretch from the start whose mean plus Hoeffding's bound
 * was least: alarm at `driftConfidence`, warning at `warningConfidence`. The value after an alarm starts
 * anew. Two-sided, a fall that is sure does not take back a warning of a rise.
 * Source: Frías-Blanco et al., IEEE Transactions on Knowledge and Data Engineering 27 (2014); agrees alarm
 * by alarm with River 0.26.1 `drift.binary.HDDMA` (`test/golden/classics.json`).
 */
export function updateHddmA(state: HddmA, value: number): HddmA {
  if (state.drift) Object.assign(state, createHddmA(state.options))
  const { driftConfidence, warningConfidence, twoSided } = state.options
  const { all } = state
  addToMean(all, value)
  if (state.lowest.n === 0) state.lowest = { ...all }
  if (state.highest.n === 0) state.highest = { ...all }
  const bound = hoeffdingBound(all.n, driftConfidence)
  const lowestBound = hoeffdingBound(state.lowest.n, driftConfidence)
  if (state.lowest.mean + lowestBound >= all.mean + bound) state.lowest = { ...all }
  const highestBound = hoeffdingBound(state.highest.n, driftConfidence)
  if (state.highest.mean - highestBound <= all.mean - bound) state.highest = { ...all }

  const rise = all.mean - state.lowest.mean
  state.drift = isSure(rise, state.lowest, all, driftConfidence)
  state.warning = !state.drift && isSure(rise, state.lowest, all, warningConfidence)
  if (twoSided) {
    const fall = state.highest.mean - all.mean
    if (isSure(fall, state.highest, all, driftConfidence)) state.drift = true
    else if (isSure(fall, state.highest, all, warningConfidence)) state.warning = true
  }
  return state
}

function hoeffdingBound(n: number, confidence: number): number {
  return Math.sqrt((1 / (2 * n)) * Math.log(1 / confidence))
}

/** Whether the means of a stretch and of all that holds it differ by more than Hoeffding's bound. */
function isSure(difference: number, stretch: RunningMean, all: RunningMean, confidence: number): boolean {
  if (stretch.n === all.n) return false
  const inverse = ((all.n - stretch.n) / stretch.n) * (1 / all.n)
  return difference >= Math.sqrt((inverse / 2) * Math.log(2 / confidence))
}
