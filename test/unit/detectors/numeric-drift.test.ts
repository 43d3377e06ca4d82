import { describe, expect, it } from 'vitest'
import { judgeNumericDrift } from '../../../src/detectors/numeric-drift.ts'
import { finding } from '../../../src/events/finding.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import {
  findingBy,
  normalSample,
  numericReference,
  numericWindow,
  OPTIONS,
} from '../../support/counted-samples.ts'

const reference = numericReference(normalSample(20_000, 300, 100))
const judge = (values: number[]) =>
  judgeNumericDrift('distance', reference, numericWindow(reference, values), OPTIONS)
const verdicts = (values: number[]) => judge(values).map(({ statistic, verdict }) => [statistic, verdict])

describe('judgeNumericDrift', () => {
  it('calls the same distribution stable', () => {
    expect(verdicts(normalSample(2000, 300, 100))).toEqual([
      ['psi', 'stable'],
      ['ks', 'stable'],
    ])
  })

  it('calls a shift by 0.6 deviations drifted, by PSI and by KS', () => {
    const findings = judge(normalSample(2000, 360, 100))
    const psi = findingBy(findings, 'psi')
    // A bell curve that moves by d deviations has PSI d² (without binning).
    expect(psi.value).toBeGreaterThan(0.32)
    expect(psi.value).toBeLessThan(0.37)
    expect(psi).toMatchObject({ verdict: 'drifted', threshold: 0.1, n: 2000, m: 20_000, subject: 'distance' })
    expect(psi.effectLower!).toBeGreaterThan(0.1)
    expect(psi.effectUpper!).toBeGreaterThan(psi.value!)

    const ks = findingBy(findings, 'ks')
    // 2 Φ(0.3) - 1.
    expect(ks.value).toBeCloseTo(0.2358, 2)
    expect(ks.verdict).toBe('drifted')
    expect(ks.effectLower!).toBeLessThan(ks.value!)
    for (const one of findings) {
      expect(one.message).toContain('distance has')
      expect(one.message).toContain('on 2000 values; median 360, 300 in the reference')
      expect(finding.safeParse(one).success).toBe(true)
    }
  })

  it('calls a change that is sure but small stable', () => {
    const findings = judge(normalSample(500_000, 310, 100))
    expect(findings.every((one) => one.pValue! < 1e-6)).toBe(true)
    expect(findings.map((one) => one.verdict)).toEqual(['stable', 'stable'])
  })

  it('warns of a PSI that is surely above the first level and below the second', () => {
    const psi = findingBy(judge(normalSample(20_000, 340, 100)), 'psi')
    expect(psi.effectLower).toBeGreaterThan(0.1)
    expect(psi.verdict).toBe('warning')
  })

  it('warns of a change whose size is not sure yet', () => {
    expect(findingBy(judge(normalSample(600, 335, 100)), 'psi').verdict).toBe('warning')
  })

  it('is undecided on few values, whatever they say', () => {
    const findings = judge(normalSample(199, 900, 100))
    expect(findings.map((one) => one.verdict)).toEqual(['undecided', 'undecided'])
    expect(findingBy(findings, 'ks').value).toBeGreaterThan(0.9)
  })

  it('is undecided without any value, and says so in finite numbers', () => {
    for (const one of judge([])) {
      expect(one.verdict).toBe('undecided')
      expect(one.message).toContain('no median to compare')
      expect(finding.safeParse(one).success).toBe(true)
    }
  })

  it('sees a constant that becomes another one', () => {
    const constant = numericReference(new Array<number>(5000).fill(7))
    for (const value of [6, 8]) {
      const window = numericWindow(constant, new Array<number>(300).fill(value))
      const findings = judgeNumericDrift('gate', constant, window, OPTIONS)
      expect(findings.map((one) => one.verdict)).toEqual(['drifted', 'drifted'])
    }
    const same = numericWindow(constant, new Array<number>(300).fill(7))
    expect(judgeNumericDrift('gate', constant, same, OPTIONS).map((one) => one.verdict)).toEqual([
      'stable',
      'stable',
    ])
  })

  it('leaves missing and malformed values to the quality detector', () => {
    const values = [...normalSample(2000, 300, 100), ...new Array<null>(900).fill(null)]
    const findings = judgeNumericDrift('distance', reference, numericWindow(reference, values), OPTIONS)
    expect(findings.map(({ verdict, n }) => [verdict, n])).toEqual([
      ['stable', 2000],
      ['stable', 2000],
    ])
  })

  it('raises no alarm in 400 windows of the smallest size without a change', () => {
    const random = createRandom('no change')
    const seen = new Set<string>()
    for (let window = 0; window < 400; window++) {
      const values = Array.from({ length: 200 }, () => 300 + 100 * normalQuantile(random() + 2 ** -33))
      for (const one of judge(values)) seen.add(one.verdict)
    }
    expect([...seen]).toEqual(['stable'])
  })
})
