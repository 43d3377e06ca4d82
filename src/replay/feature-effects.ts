import type { Finding } from '../events/finding.ts'
import { BoundedSeries, type Stretch } from './bounded-series.ts'

/** How far one feature had moved, over time. */
export interface FeatureEffect {
  readonly feature: string
  /** The largest population stability index of its base windows that end in each stretch. */
  readonly stretches: readonly Stretch<number>[]
  readonly largest: number
}

const STRETCHES_MAX = 240
/** More features than these no plot can show; those that moved most are kept. */
const FEATURES_SHOWN = 8

const DETECTORS: ReadonlySet<Finding['detector']> = new Set(['numeric-drift', 'categorical-drift'])

/** The effects of all features of one model over a whole replay, by their base windows. */
export class FeatureEffects {
  readonly #paneMs: number
  readonly #features = new Map<string, { windowMs: number; readonly series: BoundedSeries<number> }>()

  constructor(paneMs: number) {
    this.#paneMs = paneMs
  }

  /** Takes what was found in the windows that end at `end`. */
  add(end: number, findings: readonly Finding[]): void {
    for (const { detector, subject, value, window } of findings) {
      if (value === null || window === undefined || !DETECTORS.has(detector)) continue
      const windowMs = window.toMs - window.fromMs
      const known = this.#features.get(subject)
      // The shortest window is the base: the first look there is, for longer ones are there later.
      if (known !== undefined && windowMs > known.windowMs) continue
      const series = known?.series ?? new BoundedSeries(this.#paneMs, STRETCHES_MAX, Math.max)
      this.#features.set(subject, { windowMs, series })
      series.add(end - 1, value)
    }
  }

  /** Those that moved most, the furthest first. */
  largest(): FeatureEffect[] {
    return [...this.#features]
      .map(([feature, { series }]) => {
        const stretches = series.stretches()
        return { feature, stretches, largest: Math.max(...stretches.map(({ value }) => value)) }
      })
      .sort((a, b) => b.largest - a.largest || (a.feature < b.feature ? -1 : 1))
      .slice(0, FEATURES_SHOWN)
  }
}
