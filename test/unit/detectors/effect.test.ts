import { describe, expect, it } from 'vitest'
import { zigguratNormals } from '../../../bench/accuracy/draws/ziggurat.ts'
import { compileNumeric } from '../../../src/detectors/compiled-distribution.ts'
import { type EffectRule, effectRule, ksEffect } from '../../../src/detectors/effect.ts'
import { judgeNumericDrift } from '../../../src/detectors/numeric-drift.ts'
import { DETECTION_DEFAULTS } from '../../../src/detectors/options.ts'
import { finding } from '../../../src/events/finding.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { normalSample, numericReference, numericWindow, OPTIONS } from '../../support/counted-samples.ts'

const reference = numericReference(normalSample(20_000, 300, 100))
const compiled = compileNumeric(reference.counts.bins)
const judge = (n: number, mean: number, rule: EffectRule) =>
  judgeNumericDrift(
    'distance',
    reference,
    compiled,
    numericWindow(reference, normalSample(n, mean, 100)),
    1,
    OPTIONS,
    rule,
  )

const KS: EffectRule = { measure: 'ks', warning: 0.06, drift: 0.12, unit: 'deviations' }
const DEVIATIONS: EffectRule = { measure: 'wasserstein', warning: 0.15, drift: 0.3, unit: 'deviations' }
const MILES: EffectRule = { measure: 'wasserstein', warning: 15, drift: 30, unit: 'feature' }

describe('the effect of a numeric feature', () => {
  it('is its KS distance where that is what matters', () => {
    const one = judge(4000, 360, KS)
    // 2 Φ(0.3) - 1.
    expect(one).toMatchObject({
      verdict: 'drifted',
      statistic: 'omnibus',
      effect: 'ks',
      threshold: 0.12,
      value: expect.closeTo(0.236, 1),
      n: 4000,
    })
    expect(one.effectLower!).toBeGreaterThan(0.12)
    expect(one.effectLower!).toBeLessThan(one.value!)
    expect(one.effectUpper!).toBeGreaterThan(one.value!)
    expect(one.message).toContain('distance has KS distance 0.2')
    expect(finding.parse(one)).toEqual(one)
    // Sure, and too small: 2 Φ(0.05) - 1 = 0.04.
    expect(judge(40_000, 310, KS)).toMatchObject({ verdict: 'stable' })
  })

  it('is its Wasserstein distance, in deviations of the reference or in its own unit', () => {
    const [one, other] = [judge(4000, 360, DEVIATIONS), judge(4000, 360, MILES)]
    expect(one).toMatchObject({ verdict: 'drifted', effect: 'wasserstein', effectUnit: 'deviations' })
    expect(other).toMatchObject({
      verdict: 'drifted',
      effect: 'wasserstein',
      effectUnit: 'feature',
      threshold: 30,
    })
    expect(one.value!).toBeCloseTo(0.6, 1)
    expect(other.value! / one.value!).toBeCloseTo(100, -1)
    expect(other.effectLower! / one.effectLower!).toBeCloseTo(other.value! / one.value!, 0)
    // A fifth of a deviation is sure with 40 000 values and does not reach three tenths.
    expect(judge(40_000, 320, DEVIATIONS)).toMatchObject({ verdict: 'warning' })
    expect(judge(40_000, 305, MILES)).toMatchObject({ verdict: 'stable' })
  })

  it.each([
    ['nothing', 0, 0],
    // 2 Φ(0.1) - 1.
    ['a shift by a fifth', 20, 0.0797],
    // 2 Φ(0.3) - 1.
    ['a shift by three fifths', 60, 0.2358],
  ])('has KS bounds around the distance of %s in 99 of 100 windows', (_, shift, truth) => {
    const random = createRandom(`ks bounds ${truth}`)
    const normal = zigguratNormals(random)
    const sample = (n: number, mean: number) => Array.from({ length: n }, () => mean + 100 * normal())
    let above = 0
    let below = 0
    for (let round = 0; round < 300; round++) {
      const drawn = numericReference(sample(3000, 300))
      const { lower, upper } = ksEffect(drawn, numericWindow(drawn, sample(400, 300 + shift)), 1)
      if (lower > truth) above++
      if (upper < truth) below++
    }
    // 3 expected at most; more than 10 of 300 come once in two thousand at a rate of 1 %.
    expect(above).toBeLessThanOrEqual(10)
    expect(below).toBeLessThanOrEqual(10)
  })

  it('cannot be ruled out by a window too small to see it', () => {
    for (const rule of [KS, DEVIATIONS, MILES])
      expect(judge(210, 300, { ...rule, drift: rule.drift / 4 }).verdict).toBe('undecided')
    for (const rule of [KS, DEVIATIONS, MILES]) expect(judge(20_000, 300, rule).verdict).toBe('stable')
  })

  it('follows the feature, then the model', () => {
    expect(effectRule(DETECTION_DEFAULTS)).toEqual({
      measure: 'psi',
      warning: 0.02,
      drift: 0.1,
      unit: 'deviations',
    })
    expect(effectRule({ ...DETECTION_DEFAULTS, effect: 'ks' })).toMatchObject({ measure: 'ks', drift: 0.12 })
    expect(effectRule(DETECTION_DEFAULTS, { measure: 'wasserstein', drift: 0.1 })).toMatchObject({
      measure: 'wasserstein',
      drift: 0.1,
      warning: 0.1,
    })
    const psi = judge(2000, 330, { measure: 'psi', warning: 0.02, drift: 0.04, unit: 'deviations' })
    expect(psi).toMatchObject({ threshold: 0.04, verdict: 'drifted' })
    expect(psi.effect).toBeUndefined()
  })
})
