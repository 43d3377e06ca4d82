import { describe, expect, it } from 'vitest'
import { judgeDataQuality } from '../../../src/detectors/data-quality.ts'
import type { FeatureValue } from '../../../src/events/feature-event.ts'
import { finding } from '../../../src/events/finding.ts'
import {
  categoricalReference,
  categoricalWindow,
  findingBy,
  normalSample,
  numericReference,
  numericWindow,
  OPTIONS,
} from '../../support/counted-samples.ts'

const distance = numericReference(normalSample(20_000, 300, 30))
const origin = categoricalReference(
  new Map([
    ['DEN', 300_000],
    ['SLC', 170_000],
  ]),
)
const judgeNumbers = (values: readonly FeatureValue[]) =>
  judgeDataQuality(
    'distance',
    distance,
    { kind: 'numeric', counts: numericWindow(distance, values) },
    OPTIONS,
  )
const judgeCategories = (categories: [string | null, number][], wrongType = 0) => {
  const counts = categoricalWindow(origin, new Map(categories))
  counts.wrongType = wrongType
  return judgeDataQuality('origin', origin, { kind: 'categorical', counts }, OPTIONS)
}
const repeated = <T>(value: T, times: number): T[] => new Array<T>(times).fill(value)

describe('judgeDataQuality', () => {
  it('finds nothing wrong with usable values', () => {
    expect(judgeNumbers(normalSample(900, 300, 30)).map((one) => [one.statistic, one.verdict])).toEqual([
      ['missing-rate', 'stable'],
      ['wrong-type-rate', 'stable'],
      ['out-of-range-rate', 'stable'],
    ])
    expect(
      judgeCategories([
        ['DEN', 600],
        ['SLC', 300],
      ]).map((one) => [one.statistic, one.verdict]),
    ).toEqual([
      ['missing-rate', 'stable'],
      ['wrong-type-rate', 'stable'],
      ['unseen-rate', 'stable'],
    ])
  })

  it('sees missing values where the reference had 0 of 470 000', () => {
    const findings = judgeCategories([
      ['DEN', 400],
      ['SLC', 229],
      [null, 283],
    ])
    expect(findingBy(findings, 'missing-rate')).toMatchObject({
      verdict: 'drifted',
      n: 912,
      m: 470_000,
      referenceValue: 0,
      threshold: 0.02,
      message: 'origin is missing in 31.0 % of 912 values, 0.0 % in the reference',
    })
  })

  it('lets pass a rise that is sure but small, and a fall of any size', () => {
    const small = findingBy(
      judgeNumbers([...normalSample(9900, 300, 30), ...repeated(null, 100)]),
      'missing-rate',
    )
    expect(small.pValue).toBeLessThan(1e-6)
    expect(small.verdict).toBe('stable')

    const often = numericReference(normalSample(5000))
    often.counts.missing = 5000
    const window = numericWindow(often, normalSample(500))
    const fall = judgeDataQuality('x', often, { kind: 'numeric', counts: window }, OPTIONS)
    expect(findingBy(fall, 'missing-rate')).toMatchObject({
      verdict: 'stable',
      value: 0,
      referenceValue: 0.5,
    })
  })

  it('takes texts, NaN and infinities in place of numbers together', () => {
    const values = [
      ...normalSample(700, 300, 30),
      ...repeated('NaN', 30),
      ...repeated('Infinity', 30),
      ...repeated('n/a', 30),
      ...repeated(true, 10),
    ]
    expect(findingBy(judgeNumbers(values), 'wrong-type-rate')).toMatchObject({
      verdict: 'drifted',
      value: 100 / 800,
      n: 800,
      message: 'distance is no finite number in 12.5 % of 800 values, 0.0 % in the reference',
    })
    expect(findingBy(judgeCategories([['DEN', 500]], 60), 'wrong-type-rate').verdict).toBe('drifted')
  })

  it('sees a feature that has fallen silent altogether', () => {
    expect(findingBy(judgeNumbers(repeated(null, 500)), 'missing-rate')).toMatchObject({
      verdict: 'drifted',
      value: 1,
    })
  })

  it('counts unseen categories among the values that are there', () => {
    const findings = judgeCategories([
      ['DEN', 450],
      ['XXX', 50],
      [null, 500],
    ])
    expect(findingBy(findings, 'unseen-rate')).toMatchObject({ verdict: 'drifted', value: 0.1, n: 500 })
  })

  it('is undecided on few values', () => {
    for (const findings of [
      judgeNumbers(repeated(null, 29)),
      judgeCategories([[null, 29]]),
      judgeNumbers([]),
    ]) {
      for (const one of findings) {
        expect(one.verdict).toBe('undecided')
        expect(finding.safeParse(one).success).toBe(true)
      }
    }
  })

  it('sees a pipe that broke for a model of a few dozen events an hour', () => {
    for (const findings of [judgeNumbers(repeated(null, 60)), judgeCategories([[null, 60]])]) {
      expect(findingBy(findings, 'missing-rate')).toMatchObject({ verdict: 'drifted', value: 1, n: 60 })
    }
    expect(findingBy(judgeNumbers(repeated(Number.NaN, 60)), 'wrong-type-rate').verdict).toBe('drifted')
  })

  it('refuses counts of another type', () => {
    const counts = numericWindow(distance, [])
    expect(() => judgeDataQuality('origin', origin, { kind: 'numeric', counts }, OPTIONS)).toThrow(
      'expected categorical counts of origin, got numeric ones',
    )
  })
})
