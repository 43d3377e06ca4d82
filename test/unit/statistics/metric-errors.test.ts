import { describe, expect, it } from 'vitest'
import { binnedQuantile } from '../../../src/statistics/binned-quantile.ts'
import { type CalibrationBin, calibrationError } from '../../../src/statistics/calibration-error.ts'
import { determination } from '../../../src/statistics/determination.ts'
import { f1Score } from '../../../src/statistics/f1.ts'
import { macroAverage } from '../../../src/statistics/macro-average.ts'
import type { Estimate } from '../../../src/statistics/mean-with-error.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { shareEstimate } from '../../../src/statistics/share-estimate.ts'

const SAMPLES = 400
const N = 1000

/** How far the values of many samples spread, in units of the standard error they state on average. */
function spreadInErrors(sample: (random: () => number) => Estimate): number {
  const random = createRandom('metric errors')
  const estimates = Array.from({ length: SAMPLES }, () => sample(random))
  const mean = estimates.reduce((sum, { value }) => sum + value, 0) / SAMPLES
  const variance = estimates.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (SAMPLES - 1)
  const stated = estimates.reduce((sum, { standardError }) => sum + standardError, 0) / SAMPLES
  return Math.sqrt(variance) / stated
}

const normal = (random: () => number): number => normalQuantile(random() + 2 ** -33)

describe('f1Score', () => {
  it('is the harmonic mean of precision and recall', () => {
    // Precision 0.6, recall 0.75.
    expect(f1Score(6, 4, 2)!.value).toBeCloseTo((2 * 0.6 * 0.75) / 1.35, 14)
    expect(f1Score(0, 0, 0)).toBeNull()
    expect(f1Score(0, 3, 0)!.value).toBe(0)
    expect(f1Score(9, 0, 0)!.standardError).toBeGreaterThan(0)
  })

  it('spreads as its error says', () => {
    const spread = spreadInErrors((random) => {
      const counts = [0, 0, 0]
      for (let i = 0; i < N; i++) {
        const draw = random()
        if (draw < 0.5) counts[draw < 0.2 ? 0 : draw < 0.35 ? 1 : 2]!++
      }
      return f1Score(counts[0]!, counts[1]!, counts[2]!)!
    })
    expect(spread).toBeGreaterThan(0.9)
    expect(spread).toBeLessThan(1.1)
  })
})

describe('shareEstimate', () => {
  it('has an error at the ends as well, and none without values', () => {
    expect(shareEstimate(0, 0)).toBeNull()
    expect(shareEstimate(25, 100)).toEqual({ value: 0.25, standardError: expect.closeTo(0.0434, 3) })
    expect(shareEstimate(0, 100)!.standardError).toBeGreaterThan(0.005)
  })
})

describe('macroAverage', () => {
  it('averages values and errors', () => {
    const estimates = [
      { value: 1, standardError: 0.1 },
      { value: 3, standardError: 0.3 },
    ]
    expect(macroAverage(estimates)).toEqual({ value: 2, standardError: 0.2 })
    expect(macroAverage([])).toBeNull()
  })
})

describe('calibrationError', () => {
  /** Ten bins of equal size whose event comes true more often than predicted by `gap`. */
  function bins(random: () => number, gap: number): CalibrationBin[] {
    return Array.from({ length: 10 }, (_, bin) => {
      const predicted = 0.05 + 0.09 * bin
      let hits = 0
      for (let i = 0; i < N / 10; i++) if (random() < predicted + gap) hits++
      return { n: N / 10, hits, probabilitySum: (predicted * N) / 10 }
    })
  }

  it('weighs the gaps of the bins by their size', () => {
    const two = [
      { n: 30, hits: 15, probabilitySum: 12 },
      { n: 10, hits: 1, probabilitySum: 3 },
      { n: 0, hits: 0, probabilitySum: 0 },
    ]
    expect(calibrationError(two)!.value).toBeCloseTo(0.75 * 0.1 + 0.25 * 0.2, 14)
    expect(calibrationError([])).toBeNull()
  })

  it('spreads as its error says where the model is off', () => {
    const spread = spreadInErrors((random) => calibrationError(bins(random, 0.1))!)
    expect(spread).toBeGreaterThan(0.8)
    expect(spread).toBeLessThan(1.1)
  })

  it('prices in what chance adds to a calibrated model', () => {
    const random = createRandom('calibrated')
    const within = Array.from({ length: SAMPLES }, () => calibrationError(bins(random, 0))!).filter(
      ({ value, standardError }) => value < 2 * standardError,
    )
    expect(within.length).toBeGreaterThan(0.99 * SAMPLES)
  })
})

describe('determination', () => {
  it('is the share of the variance that is explained', () => {
    expect(determination(10, 20, 60, 80)!.value).toBe(0.75)
    expect(determination(10, 160, 4000, 80)!.value).toBe(-1)
    expect(determination(10, 20, 60, 0)).toBeNull()
  })

  it.each([0.5, 2])('spreads as its error says at noise %d', (noise) => {
    const spread = spreadInErrors((random) => {
      let [squared, quartic, sum, squares] = [0, 0, 0, 0]
      for (let i = 0; i < N; i++) {
        const label = normal(random)
        const error = noise * normal(random)
        squared += error ** 2
        quartic += error ** 4
        sum += label
        squares += label ** 2
      }
      return determination(N, squared, quartic, squares - sum ** 2 / N)!
    })
    expect(spread).toBeGreaterThan(0.9)
    expect(spread).toBeLessThan(1.1)
  })
})

describe('binnedQuantile', () => {
  const ends = (bin: number) => ({ lower: bin, upper: bin + 1 })

  it('is the middle of the bin that holds it', () => {
    expect(binnedQuantile([0, 4, 0, 5, 1], ends, 0.4)!.value).toBe(1.5)
    expect(binnedQuantile([0, 4, 0, 5, 1], ends, 0.41)!.value).toBe(3.5)
    expect(binnedQuantile([0, 4, 0, 5, 1], ends, 1)!.value).toBe(4.5)
    expect(binnedQuantile([0, 0], ends, 0.5)).toBeNull()
  })

  it.each([0.5, 0.9])('spreads as its error says at %d', (probability) => {
    const spread = spreadInErrors((random) => {
      const counts = new Uint32Array(400)
      for (let i = 0; i < N; i++) counts[Math.min(399, Math.floor(200 + 40 * normal(random)))]!++
      return binnedQuantile(counts, ends, probability)!
    })
    expect(spread).toBeGreaterThan(0.85)
    expect(spread).toBeLessThan(1.15)
  })
})
