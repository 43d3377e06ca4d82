import {
  addNewest,
  createExponentialHistogram,
  dropOldest,
  type ExponentialHistogram,
} from './exponential-histogram.ts'

export interface AdwinOptions {
  /** Level of a whole check of all cuts. */
  readonly delta: number
  /** Values between two checks. */
  readonly clock: number
  /** Buckets of each size before two are merged; from 2 on. */
  readonly maxBuckets: number
  /** A part of the window with fewer values is not compared. */
  readonly minWindowLength: number
  /** Values before the first check. */
  readonly gracePeriod: number
}

export const ADWIN_DEFAULTS: AdwinOptions = {
  delta: 0.002,
  clock: 32,
  maxBuckets: 5,
  minWindowLength: 5,
  gracePeriod: 10,
}

/** Plain data; `drift` is what the last value said. */
export interface Adwin {
  readonly options: AdwinOptions
  readonly window: ExponentialHistogram
  /** Values since it started anew. */
  seen: number
  warning: boolean
  drift: boolean
}

/** An adaptive window with River 0.26's defaults where nothing else is said. */
export function createAdwin(options: Partial<AdwinOptions> = {}): Adwin {
  const all = { ...ADWIN_DEFAULTS, ...options }
  return {
    options: all,
    window: createExponentialHistogram(all.maxBuckets),
    seen: 0,
    warning: false,
    drift: false,
  }
}

/**
 * Takes one value and says whether the mean of the newest differs from that of the older ones; the state is
 * changed and returned.
 *
 * Keeps the values in buckets of 1, 2, 4, … and compares, every `clock` values, the two sides of every cut
 * between buckets; where one is too different for chance, the oldest buckets go until none is. The value
 * after an alarm starts anew, with nothing kept: so do the defaults it is compared with, and unlike the
 * paper. It never warns. Blind to a change of spread at the same mean. Memory: `maxBuckets` buckets for each
 * doubling of the window.
 * Source: Bifet and Gavaldà, Learning from Time-Changing Data with Adaptive Windowing, SDM 2007; agrees
 * alarm by alarm with River 0.26.1 `drift.ADWIN` (`test/golden/classics.json`).
 */
export function updateAdwin(state: Adwin, value: number): Adwin {
  if (state.drift) Object.assign(state, createAdwin(state.options))
  addNewest(state.window, value)
  state.seen += 1
  const { clock, gracePeriod } = state.options
  if (state.seen % clock !== 0) return state
  while (state.window.n > gracePeriod && hasCut(state)) {
    dropOldest(state.window)
    state.drift = true
  }
  return state
}

/** Is there a cut with means too different on its two sides? */
function hasCut({ window, options }: Adwin): boolean {
  const logTerm = Math.log((2 * Math.log(window.n)) / options.delta)
  const variance = window.squares / window.n
  let n = 0
  let total = 0
  for (let row = window.rows.length - 1; row >= 0; row--) {
    for (const bucket of window.rows[row]!) {
      n += 2 ** row
      total += bucket.total
      const others = window.n - n
      if (n < options.minWindowLength || others < options.minWindowLength) continue
      const difference = total / n - (window.total - total) / others
      const inverse = 1 / (n - options.minWindowLength + 1) + 1 / (others - options.minWindowLength + 1)
      const bound = Math.sqrt(2 * inverse * variance * logTerm) + (2 / 3) * logTerm * inverse
      if (Math.abs(difference) > bound) return true
    }
  }
  return false
}
