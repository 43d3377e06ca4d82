import { describe, expect, it } from 'vitest'
import { judgeDataQuality } from '../../../src/detectors/data-quality.ts'
import { estimateUnitFactor, judgeUnitChange } from '../../../src/detectors/unit-change.ts'
import { nearestConversion } from '../../../src/detectors/units.ts'
import { finding } from '../../../src/events/finding.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import {
  exponentialSample,
  findingBy,
  normalSample,
  numericReference,
  numericWindow,
  OPTIONS,
  quantilesOf,
} from '../../support/counted-samples.ts'

const logNormal = (n: number, deviation: number, factor = 1): number[] =>
  quantilesOf(n, (p) => factor * 500 * Math.exp(deviation * normalQuantile(p)))
const miles = numericReference(logNormal(20_000, 0.7))
const judge = (reference: typeof miles, values: number[]) =>
  judgeUnitChange('distance', reference, numericWindow(reference, values), OPTIONS)

describe('estimateUnitFactor', () => {
  it.each([1.609344, 0.621371, 0.3, 2.5])('finds the factor %d and a tight fit', (factor) => {
    const estimate = estimateUnitFactor(miles, numericWindow(miles, logNormal(3000, 0.7, factor)))
    expect(estimate!.factor / factor).toBeCloseTo(1, 2)
    expect(estimate!.fit).toBeLessThan(0.02)
  })

  it('fits badly where the shape changed', () => {
    const estimate = estimateUnitFactor(miles, numericWindow(miles, logNormal(3000, 0.3, 1.6)))
    expect(estimate!.fit).toBeGreaterThan(0.1)
  })

  it('is null where the grid cannot see: beyond its edges, at zero, without values', () => {
    expect(estimateUnitFactor(miles, numericWindow(miles, logNormal(3000, 0.7, 1000)))).toBeNull()
    const zeros = numericReference(new Array<number>(1000).fill(0))
    expect(estimateUnitFactor(zeros, numericWindow(zeros, new Array<number>(500).fill(0)))).toBeNull()
    expect(estimateUnitFactor(miles, numericWindow(miles, []))).toBeNull()
    const none = numericReference([])
    expect(estimateUnitFactor(none, numericWindow(none, [1, 2]))).toBeNull()
  })

  it('works on negative values', () => {
    const negative = numericReference(logNormal(20_000, 0.7, -1))
    const estimate = estimateUnitFactor(negative, numericWindow(negative, logNormal(3000, 0.7, -2.54)))
    expect(estimate!.factor).toBeCloseTo(2.54, 1)
  })
})

describe('judgeUnitChange', () => {
  it('recognises miles that became kilometres, and the way back', () => {
    const [there] = judge(miles, logNormal(2000, 0.7, 1.609344))
    expect(there).toMatchObject({
      detector: 'data-quality',
      verdict: 'drifted',
      statistic: 'unit-factor',
      referenceValue: 1,
    })
    expect(there!.value).toBeCloseTo(1.609, 1)
    expect(there!.message).toContain('as if miles had become kilometres')
    expect(finding.safeParse(there).success).toBe(true)
    expect(judge(miles, logNormal(2000, 0.7, 1 / 1.609344))[0]!.message).toContain(
      'kilometres had become miles',
    )
  })

  it('recognises a factor of 100 in a feature that ranges over decades', () => {
    const amounts = numericReference(logNormal(20_000, 3))
    expect(judge(amounts, logNormal(2000, 3, 0.01))[0]!.message).toContain('hundredths had become units')
  })

  it.each([
    ['the same distribution', logNormal(2000, 0.7)],
    ['a growth by a third', logNormal(2000, 0.7, 1.33)],
    ['a factor with another shape', logNormal(2000, 0.4, 1.609344)],
    ['a shift', logNormal(2000, 0.7).map((x) => x + 300)],
    ['too few values', logNormal(400, 0.7, 1.609344)],
    ['no values', []],
  ])('says nothing of %s', (_, values) => {
    expect(judge(miles, values)).toEqual([])
  })

  it('says nothing of waits that double, although they are a multiple throughout', () => {
    const waits = numericReference(exponentialSample(20_000, 10))
    expect(judge(waits, exponentialSample(2000, 20))).toEqual([])
  })

  it('says nothing of a bell curve that moves', () => {
    const heights = numericReference(normalSample(20_000, 100, 10))
    expect(judge(heights, normalSample(2000, 160, 10))).toEqual([])
  })

  it('is part of the data-quality findings', () => {
    const counts = numericWindow(miles, logNormal(2000, 0.7, 1.609344))
    const findings = judgeDataQuality('distance', miles, { kind: 'numeric', counts }, OPTIONS)
    expect(findingBy(findings, 'unit-factor').verdict).toBe('drifted')
  })
})

describe('nearestConversion', () => {
  it('finds factors within 2 % in both directions, and no others', () => {
    expect(nearestConversion(2.58)).toMatchObject({ from: 'inches', to: 'centimetres' })
    expect(nearestConversion(1 / 60)).toMatchObject({ from: 'seconds', to: 'minutes' })
    for (const factor of [1, 1.3, 2, 1.7, 0.5, 5000]) expect(nearestConversion(factor)).toBeNull()
  })
})
