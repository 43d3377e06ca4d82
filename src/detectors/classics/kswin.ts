import { ksOfEqualSamples } from '../../statistics/ks-of-equal-samples.ts'
import type { Random } from '../../statistics/random.ts'

export interface KswinOptions {
  /** Level of every single test. */
  readonly alpha: number
  /** Newest values kept. */
  readonly windowSize: number
  /** Newest values compared with as many older ones drawn by chance. */
  readonly statSize: number
}

export const KSWIN_DEFAULTS: KswinOptions = { alpha: 0.005, windowSize: 100, statSize: 30 }

/** KS distances up to here are no alarm, however small the p-value. */
const DISTANCE_MIN = 0.1

/** Plain data; `drift` is what the last value said. */
export interface Kswin {
  readonly options: KswinOptions
  window: number[]
  warning: boolean
  drift: boolean
}

/** A Kolmogorov–Smirnov window with River 0.26's defaults where nothing else is said. */
export function createKswin(options: Partial<KswinOptions> = {}): Kswin {
  return { options: { ...KSWIN_DEFAULTS, ...options }, window: [], warning: false, drift: false }
}

/**
 * Takes one value and says whether the newest are distributed otherwise than the older ones; the state is
 * changed and returned.
 *
 * Once the window is full, every value is a test: the newest `statSize` against as many drawn from the older
 * ones by `random`, alarm at a p-value up to `alpha` and a distance above 0.1. The value after an alarm
 * starts with an empty window. It never warns. Testing at every value with no account of it, it alarms
 * about once in several hundred values that never change.
 * Source: Raab, Heusinger and Schleif, Neurocomputing 2020; agrees with River 0.26.1 `drift.KSWIN` alarm by
 * alarm when given its choices (`test/golden/classics.json`).
 */
export function updateKswin(state: Kswin, value: number, random: Random): Kswin {
  const { alpha, windowSize, statSize } = state.options
  if (state.drift) state.window = []
  state.drift = false
  state.window.push(value)
  if (state.window.length > windowSize) state.window.shift()
  if (state.window.length < windowSize) return state
  const older = windowSize - statSize
  const drawn = drawWithoutReplacement(older, statSize, random).map((index) => state.window[index]!)
  const { distance, pValue } = ksOfEqualSamples(drawn, state.window.slice(older))
  state.drift = pValue <= alpha && distance > DISTANCE_MIN
  return state
}

/** So many different whole numbers below `population`, each choice as likely. */
function drawWithoutReplacement(population: number, count: number, random: Random): number[] {
  const numbers = Array.from({ length: population }, (_, index) => index)
  for (let place = 0; place < count; place++) {
    const other = place + Math.floor(random() * (population - place))
    const number = numbers[other]!
    numbers[other] = numbers[place]!
    numbers[place] = number
  }
  return numbers.slice(0, count)
}
