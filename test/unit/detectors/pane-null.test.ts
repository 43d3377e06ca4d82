import { describe, expect, it } from 'vitest'
import { basisOf, borrowedNull, judgeByPanes, meanScatter } from '../../../src/detectors/pane-null.ts'
import { scatteredRate } from '../../../src/detectors/rate-scatter.ts'
import { rateDifference } from '../../../src/statistics/binomial-rates.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'

/** Sums of n values of variance 1 in each window, whose means also differ by `spread` of their own. */
function panesOf(windows: number, n: number, spread: number, seed = 'panes') {
  const random = createRandom(seed)
  const normal = () => normalQuantile(random() + 2 ** -33)
  const sums = Float64Array.from({ length: windows }, () => n * (spread * normal() + normal() / Math.sqrt(n)))
  return meanScatter(sums, new Float64Array(windows).fill(n), 1)
}

describe('judgeByPanes', () => {
  it('leaves the p-value alone where windows agree with independent rows, and says so', () => {
    const scatter = panesOf(60, 400, 0)
    expect(basisOf(scatter)).toBe('independent')
    expect(judgeByPanes(scatter, Float64Array.of(0.3), 1, 1e-9)).toMatchObject({
      pValue: 1e-9,
      basis: 'independent',
    })
  })

  it('takes the larger p-value where windows scatter on their own', () => {
    const scatter = panesOf(60, 400, 0.3)
    expect(scatter!.designEffect).toBeGreaterThan(10)
    const { pValue, basis, standardError } = judgeByPanes(scatter, Float64Array.of(0.3), 1, 1e-9)
    expect(basis).toBe('panes')
    expect(pValue).toBeGreaterThan(0.05)
    expect(standardError).toBeCloseTo(0.3, 1)
    expect(judgeByPanes(scatter, Float64Array.of(3), 1, 0.5).pValue).toBe(0.5)
    // Four windows together scatter half as much.
    expect(judgeByPanes(scatter, Float64Array.of(1), 4, 0).pValue).toBeLessThan(
      judgeByPanes(scatter, Float64Array.of(1), 1, 0).pValue,
    )
  })

  it('cannot know of fewer than thirty windows, or none', () => {
    expect(basisOf(panesOf(29, 400, 0.3))).toBe('unknown')
    expect(basisOf(null)).toBe('unknown')
    expect(judgeByPanes(null, Float64Array.of(1), 1, 0.01)).toMatchObject({ pValue: 0.01, basis: 'unknown' })
    expect(panesOf(40, 10, 0.3)).toBeNull()
  })

  it('is right about as often as it says on windows that scatter', () => {
    const random = createRandom('calibration')
    let small = 0
    const repeats = 2_000
    for (let at = 0; at < repeats; at++) {
      const scatter = panesOf(40, 400, 0.2, `scatter ${at % 50}`)
      const mean = Math.hypot(0.2, 0.05) * normalQuantile(random() + 2 ** -33)
      if (judgeByPanes(scatter, Float64Array.of(mean), 1, 0).pValue <= 0.05) small++
    }
    // 5 %, give or take four standard deviations of a binomial with the 50 scatters shared by 40 draws each.
    expect(small / repeats).toBeGreaterThan(0.02)
    expect(small / repeats).toBeLessThan(0.09)
  })
})

describe('borrowedNull', () => {
  it('makes a p-value as much weaker as rows are worth less', () => {
    const scatter = panesOf(60, 400, 0.3)!
    const { pValue, basis } = borrowedNull(scatter, 1e-9)
    expect(basis).toBe('panes')
    expect(pValue).toBeGreaterThan(0.05)
    expect(borrowedNull(scatter, 1).pValue).toBe(1)
    expect(borrowedNull(panesOf(60, 400, 0), 1e-9)).toEqual({ pValue: 1e-9, basis: 'independent' })
    expect(borrowedNull(null, 0.2)).toEqual({ pValue: 0.2, basis: 'unknown' })
  })
})

describe('scatteredRate', () => {
  const change = rateDifference(60, 1_000, 1_200, 40_000, 0.99)
  const ratesOf = (rates: number[]) => ({
    hits: Float64Array.from(rates, (rate) => Math.round(1_000 * rate)),
    sizes: new Float64Array(rates.length).fill(1_000),
  })

  it('weighs a rise against how much the rate moves from window to window', () => {
    const steady = ratesOf(Array.from({ length: 40 }, (_, at) => 0.03 + 0.005 * ((at % 3) - 1)))
    const sure = scatteredRate(change, { n: 1_000, m: 40_000 }, steady)
    expect(sure.basis).toBe('independent')
    expect(sure.pValue).toBe(change.pValue)
    const restless = ratesOf(Array.from({ length: 40 }, (_, at) => (at % 4 === 0 ? 0.09 : 0.01)))
    const doubtful = scatteredRate(change, { n: 1_000, m: 40_000 }, restless)
    expect(doubtful.basis).toBe('panes')
    expect(doubtful.pValue).toBeGreaterThan(0.1)
    expect(doubtful.upper - doubtful.lower).toBeGreaterThan(3 * (change.upper - change.lower))
  })

  it('has nothing to add without windows', () => {
    expect(scatteredRate(change, { n: 1_000, m: 40_000 }, null)).toMatchObject({
      ...change,
      basis: 'unknown',
    })
    expect(scatteredRate(change, { n: 1_000, m: 40_000 }, ratesOf([0.01, 0.2])).basis).toBe('unknown')
  })
})
