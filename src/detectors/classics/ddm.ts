import { addToMean, createRunningMean, type RunningMean } from './running-mean.ts'

export interface DdmOptions {
  /** Outcomes before the first alarm. */
  readonly warmStart: number
  /** Standard deviations above the best error rate that are a warning. */
  readonly warningThreshold: number
  /** Standard deviations above the best error rate that are an alarm. */
  readonly driftThreshold: number
}

export const DDM_DEFAULTS: DdmOptions = { warmStart: 30, warningThreshold: 2, driftThreshold: 3 }

/** Plain data; `warning` and `drift` are what the last outcome said. */
export interface Ddm {
  readonly options: DdmOptions
  readonly rate: RunningMean
  bestRate: number
  bestDeviation: number
  warning: boolean
  drift: boolean
}

/** A drift detection method with River 0.26's defaults where nothing else is said. */
export function createDdm(options: Partial<DdmOptions> = {}): Ddm {
  return {
    options: { ...DDM_DEFAULTS, ...options },
    rate: createRunningMean(),
    bestRate: Infinity,
    bestDeviation: 0,
    warning: false,
    drift: false,
  }
}

/**
 * Takes one outcome (0 right, 1 wrong) and says whether the error rate rose; the state is changed and
 * returned.
 *
 * With p the error rate so far and s = sqrt(p (1 - p) / n): warns while p + s lies `warningThreshold` best
 * deviations above the best rate, alarms at `driftThreshold`; the best is where p + s was least. The outcome
 * after an alarm starts anew. Blind to falls; ever slower as n grows, since p is the rate of all outcomes.
 * Source: Gama et al., Learning with Drift Detection, SBIA 2004; agrees alarm by alarm with River 0.26.1
 * `drift.binary.DDM` (`test/golden/classics.json`).
 */
export function updateDdm(state: Ddm, error: number): Ddm {
  if (state.drift) Object.assign(state, createDdm(state.options))
  const { warmStart, warningThreshold, driftThreshold } = state.options
  addToMean(state.rate, error)
  const { n, mean } = state.rate
  const deviation = Math.sqrt((mean * (1 - mean)) / n)
  if (n <= warmStart) return state
  if (mean + deviation <= state.bestRate + state.bestDeviation) {
    state.bestRate = mean
    state.bestDeviation = deviation
  }
  state.drift = mean + deviation > state.bestRate + driftThreshold * state.bestDeviation
  state.warning = !state.drift && mean + deviation > state.bestRate + warningThreshold * state.bestDeviation
  return state
}
