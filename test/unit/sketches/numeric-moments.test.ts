import { describe, expect, it } from 'vitest'
import { addNumeric, createNumericCounts } from '../../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../../src/sketches/numeric-grid.ts'
import { numericMoments } from '../../../src/sketches/numeric-moments.ts'
import { drawShape } from '../../support/numeric-shapes.ts'

function momentsOf(reference: readonly number[], values: readonly number[]) {
  const grid = cutGrid(reference)
  const counts = createNumericCounts(grid)
  for (const x of values) addNumeric(grid, counts, x)
  return numericMoments(grid, counts)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x / values.length, 0)
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((x) => (x - mean) ** 2)))
}

describe('numericMoments', () => {
  it.each([
    'normal',
    'lognormal',
    'Pareto',
    '40 % atom',
    'integers',
    'constant',
    'far from zero',
    'adversarial',
  ])('is within its own bounds: %s', (shape) => {
    for (const seed of [1, 2, 3]) {
      const reference = drawShape(shape, seed, 5000)
      // Shifted as well: the bounds do not lean on the reference.
      for (const values of [
        drawShape(shape, seed + 7, 2000),
        drawShape(shape, seed + 7, 2000).map((x) => x + 3),
      ]) {
        const moments = momentsOf(reference, values)
        const rounding = 1e-9 * (1 + Math.abs(meanOf(values)))
        expect(moments.n).toBe(2000)
        expect(Math.abs(moments.mean - meanOf(values))).toBeLessThanOrEqual(moments.meanErrorMax + rounding)
        expect(Math.abs(moments.deviation - deviationOf(values))).toBeLessThanOrEqual(
          moments.deviationErrorMax + rounding,
        )
      }
    }
  })

  it('is as good on a bell curve as its docstring says', () => {
    const sample = drawShape('normal', 5, 100_000)
    const { mean, meanErrorMax, deviationErrorMax } = momentsOf(sample, sample)
    expect(meanErrorMax).toBeLessThan(0.011)
    expect(Math.abs(mean - meanOf(sample))).toBeLessThan(0.002)
    expect(deviationErrorMax).toBeLessThan(0.06)
  })

  it('is exact for atoms', () => {
    const values = [1, 1, 1, 5]
    const { n, mean, deviation } = momentsOf(values, values)
    expect(n).toBe(4)
    expect(mean).toBeCloseTo(2, 12)
    expect(deviation).toBeCloseTo(Math.sqrt(3), 12)
  })

  it('is NaN without values', () => {
    expect(momentsOf([1, 2], [])).toEqual({
      n: 0,
      mean: Number.NaN,
      meanErrorMax: Number.NaN,
      deviation: Number.NaN,
      deviationErrorMax: Number.NaN,
    })
  })
})
