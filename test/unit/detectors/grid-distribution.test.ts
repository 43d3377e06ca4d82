import { describe, expect, it } from 'vitest'
import { gridDistribution, isAtom } from '../../../src/detectors/grid-distribution.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { normalSample, numericReference, numericWindow } from '../../support/counted-samples.ts'

describe('gridDistribution', () => {
  it('has the quantiles and shares of the values it counted', () => {
    const reference = numericReference(normalSample(20_000, 50, 10))
    const { quantile, shareBelow, n } = gridDistribution(reference.grid, reference.counts)
    expect(n).toBe(20_000)
    for (const p of [0.01, 0.25, 0.5, 0.9, 0.99]) {
      expect(quantile(p)).toBeCloseTo(50 + 10 * normalQuantile(p), 1)
      expect(shareBelow(50 + 10 * normalQuantile(p))).toBeCloseTo(p, 3)
    }
  })

  it('ends at the least and the greatest value', () => {
    const reference = numericReference([1, 2, 3, 4, 5, 6, 7, 8])
    const { quantile, shareBelow } = gridDistribution(reference.grid, reference.counts)
    expect([quantile(0), quantile(1)]).toEqual([1, 8])
    expect([shareBelow(1), shareBelow(8.1), shareBelow(-Infinity), shareBelow(Infinity)]).toEqual([
      0, 1, 0, 1,
    ])
  })

  it('jumps at atoms', () => {
    const reference = numericReference([...new Array<number>(600).fill(0), ...new Array<number>(400).fill(1)])
    const { quantile, shareBelow } = gridDistribution(reference.grid, reference.counts)
    expect([quantile(0.3), quantile(0.59), quantile(0.61), quantile(0.99)]).toEqual([0, 0, 1, 1])
    expect([shareBelow(0), shareBelow(0.5), shareBelow(1), shareBelow(2)]).toEqual([0, 0.6, 0.6, 1])
  })

  it('knows nothing without values', () => {
    const reference = numericReference([1, 2, 3])
    const empty = gridDistribution(reference.grid, numericWindow(reference, []))
    expect(empty.quantile(0.5)).toBeNaN()
    expect(empty.shareBelow(2)).toBeNaN()
  })
})

describe('isAtom', () => {
  it('is true for bins between neighbouring doubles alone', () => {
    const grid = { edges: Float64Array.of(0, Number.MIN_VALUE, 1, 1 + Number.EPSILON, 2) }
    expect([0, 1, 2, 3, 4, 5].map((bin) => isAtom(grid, bin))).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
    ])
  })
})
