export interface HddmWOptions {
  /** Level of the test that is an alarm. */
  readonly driftConfidence: number
  /** Level of the test that is a warning. */
  readonly warningConfidence: number
  /** Weight of the newest value in the moving average. */
  readonly lambda: number
  /** Whether a fall of the mean is looked for, too. */
  readonly twoSided: boolean
}

export const HDDM_W_DEFAULTS: HddmWOptions = {
  driftConfidence: 0.001,
  warningConfidence: 0.005,
  lambda: 0.05,
  twoSided: false,
}

/** An exponentially weighted mean and the sum of its squared weights. */
interface WeightedMean {
  n: number
  mean: number
  squaredWeights: number
}

/** Plain data; `warning` and `drift` are what the last value said. */
export interface HddmW {
  readonly options: HddmWOptions
  readonly all: WeightedMean
  /** Up to the cut with the least upper bound, and since. */
  beforeRise: WeightedMean
  sinceRise: WeightedMean
  riseBound: number
  /** Up to the cut with the greatest lower bound, and since. */
  beforeFall: WeightedMean
  sinceFall: WeightedMean
  fallBound: number
  warning: boolean
  drift: boolean
}

/** A weighted Hoeffding detector with River 0.26's defaults where nothing else is said. */
export function createHddmW(options: Partial<HddmWOptions> = {}): HddmW {
  return {
    options: { ...HDDM_W_DEFAULTS, ...options },
    all: noValues(),
    beforeRise: noValues(),
    sinceRise: noValues(),
    riseBound: Infinity,
    beforeFall: noValues(),
    sinceFall: noValues(),
    fallBound: -Infinity,
    warning: false,
    drift: false,
  }
}

/**
 * Takes one value in [0, 1] and says whether the weighted mean rose (or moved); the state is changed and
 * returned.
 *
 * Two exponentially weighted means, up to the cut where mean plus McDiarmid's bound was least and since
 * then: alarm where they differ by more than their joint bound at `driftConfidence`, warning at
 * `warningConfidence`. The value after an alarm starts anew.
 * Source: Frías-Blanco et al., IEEE Transactions on Knowledge and Data Engineering 27 (2014); agrees alarm
 * by alarm with River 0.26.1 `drift.binary.HDDMW` (`test/golden/classics.json`).
 */
export function updateHddmW(state: HddmW, value: number): HddmW {
  if (state.drift) Object.assign(state, createHddmW(state.options))
  const { driftConfidence, warningConfidence, lambda, twoSided } = state.options
  addWeighted(state.all, value, lambda)
  const bound = mcDiarmidBound(state.all.squaredWeights, driftConfidence)

  if (state.all.mean + bound < state.riseBound) {
    state.riseBound = state.all.mean + bound
    state.beforeRise = { ...state.all }
    state.sinceRise = noValues()
  } else addWeighted(state.sinceRise, value, lambda)
  state.drift = isHigher(state.sinceRise, state.beforeRise, driftConfidence)
  state.warning = !state.drift && isHigher(state.sinceRise, state.beforeRise, warningConfidence)

  if (state.all.mean - bound > state.fallBound) {
    state.fallBound = state.all.mean - bound
    state.beforeFall = { ...state.all }
    state.sinceFall = noValues()
  } else addWeighted(state.sinceFall, value, lambda)
  if (twoSided) {
    if (isHigher(state.beforeFall, state.sinceFall, driftConfidence)) state.drift = true
    else if (isHigher(state.beforeFall, state.sinceFall, warningConfidence)) state.warning = true
  }
  return state
}

function noValues(): WeightedMean {
  return { n: 0, mean: 0, squaredWeights: 1 }
}

function addWeighted(weighted: WeightedMean, value: number, lambda: number): void {
  weighted.mean = weighted.n === 0 ? value : weighted.mean + lambda * (value - weighted.mean)
  weighted.n += 1
  weighted.squaredWeights = lambda * lambda + (1 - lambda) ** 2 * weighted.squaredWeights
}

function mcDiarmidBound(squaredWeights: number, confidence: number): number {
  return Math.sqrt((squaredWeights * Math.log(1 / confidence)) / 2)
}

function isHigher(upper: WeightedMean, lower: WeightedMean, confidence: number): boolean {
  if (upper.n === 0 || lower.n === 0) return false
  const bound = mcDiarmidBound(upper.squaredWeights + lower.squaredWeights, confidence)
  return upper.mean - lower.mean > bound
}
