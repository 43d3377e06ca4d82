import { describe, expect, it } from 'vitest'
import { compileNumeric } from '../../../src/detectors/compiled-distribution.ts'
import { judgeNumericDrift } from '../../../src/detectors/numeric-drift.ts'
import type { FeatureValue } from '../../../src/events/feature-event.ts'
import { finding } from '../../../src/events/finding.ts'
import type { DistributionPanes } from '../../../src/sketches/reference-panes.ts'
import { neymanBasis } from '../../../src/statistics/neyman-basis.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { normalSample, numericReference, numericWindow, OPTIONS } from '../../support/counted-samples.ts'

const distances = numericReference(normalSample(20_000, 300, 100))
const compiled = compileNumeric(distances.counts.bins)
const judge = (
  values: readonly FeatureValue[],
  reference = distances,
  panes: DistributionPanes | null = null,
) =>
  judgeNumericDrift(
    'distance',
    reference,
    reference === distances && panes === null ? compiled : compileNumeric(reference.counts.bins, panes),
    numericWindow(reference, values),
    1,
    OPTIONS,
  )

describe('judgeNumericDrift', () => {
  it('calls the same distribution stable', () => {
    expect(judge(normalSample(2000, 300, 100))).toMatchObject({
      statistic: 'omnibus',
      verdict: 'stable',
      value: null,
      pValue: null,
      null: 'unknown',
    })
  })

  it('calls a shift by 0.6 deviations drifted, and tells it by the measures people know', () => {
    const one = judge(normalSample(2000, 360, 100))
    // A bell curve that moves by d deviations has PSI d² (without binning).
    expect(one.value).toBeGreaterThan(0.32)
    expect(one.value).toBeLessThan(0.37)
    expect(one).toMatchObject({ verdict: 'drifted', threshold: 0.1, n: 2000, m: 20_000, subject: 'distance' })
    expect(one.effectLower!).toBeGreaterThan(0.1)
    expect(one.effectUpper!).toBeGreaterThan(one.value!)
    const [ks, js, , wasserstein] = one.measures!
    // 2 Φ(0.3) - 1.
    expect(ks).toMatchObject({ statistic: 'ks', value: expect.closeTo(0.2358, 2) })
    expect(ks!.lower!).toBeLessThan(ks!.value!)
    // An eighth of the PSI, to first order.
    expect(js).toEqual({ statistic: 'js', value: expect.closeTo(0.36 / 8, 2) })
    expect(wasserstein).toEqual({ statistic: 'wasserstein', value: expect.closeTo(0.6, 1) })
    expect(one.message).toContain('on 2000 values; median 360, 300 in the reference')
    expect(finding.safeParse(one).success).toBe(true)
  })

  it('calls a change that is sure but small stable', () => {
    const one = judge(normalSample(500_000, 310, 100))
    expect(one.pValue!).toBeLessThan(1e-6)
    expect(one.verdict).toBe('stable')
  })

  it('warns of a change whose size is not sure yet', () => {
    expect(judge(normalSample(600, 335, 100)).verdict).toBe('warning')
  })

  it('sees a tail that four values in a hundred have moved to', () => {
    const values = [...normalSample(1920, 300, 100), ...new Array<number>(80).fill(700)]
    expect(judge(values).pValue!).toBeLessThan(1e-12)
  })

  it('is undecided on few values, whatever they say, and on none', () => {
    for (const values of [normalSample(199, 900, 100), []]) {
      const one = judge(values)
      expect(one.verdict).toBe('undecided')
      expect(finding.safeParse(one).success).toBe(true)
    }
  })

  it('sees a constant that becomes another one', () => {
    const constant = numericReference(new Array<number>(5000).fill(7))
    for (const value of [6, 8]) {
      expect(judge(new Array<number>(300).fill(value), constant).verdict).toBe('drifted')
    }
    expect(judge(new Array<number>(300).fill(7), constant).verdict).toBe('stable')
  })

  it('leaves missing and malformed values to the quality detector', () => {
    const one = judge([...normalSample(2000, 300, 100), ...new Array<null>(900).fill(null)])
    expect(one).toMatchObject({ verdict: 'stable', n: 2000 })
  })

  it('raises no alarm in 400 windows of the smallest size without a change', () => {
    const random = createRandom('no change')
    const seen = new Set<string>()
    for (let window = 0; window < 400; window++) {
      seen.add(
        judge(Array.from({ length: 200 }, () => 300 + 100 * normalQuantile(random() + 2 ** -33))).verdict,
      )
    }
    expect([...seen].filter((verdict) => verdict === 'drifted' || verdict === 'warning')).toEqual([])
  })

  it('holds a window against the reference windows where these scatter on their own', () => {
    const random = createRandom('scattering windows')
    const basis = neymanBasis(distances.counts.bins).values
    const panes = (spread: number): DistributionPanes => {
      const sums = new Float64Array(60 * 4)
      for (let pane = 0; pane < 60; pane++) {
        const shift = spread * normalQuantile(random() + 2 ** -33)
        const values = Array.from(
          { length: 500 },
          () => 300 + 100 * (shift + normalQuantile(random() + 2 ** -33)),
        )
        const { bins } = numericWindow(distances, values)
        for (let at = 0; at < 4; at++) {
          sums[4 * pane + at] = basis[at]!.reduce((sum, value, bin) => sum + value * bins[bin]!, 0)
        }
      }
      return { n: new Float64Array(60).fill(500), odd: new Float64Array(60), components: 4, sums }
    }
    const shifted = normalSample(2000, 345, 100)
    expect(judge(shifted, distances, panes(0))).toMatchObject({ null: 'independent', verdict: 'drifted' })
    // Windows that differ by half a deviation from one another make a shift by 0.45 nothing to speak of.
    const one = judge(shifted, distances, panes(0.5))
    expect(one.null).toBe('panes')
    expect(one.pValue!).toBeGreaterThan(1e-3)
    expect(['stable', 'undecided']).toContain(one.verdict)
  })
})
