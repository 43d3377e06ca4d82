import { describe, expect, it } from 'vitest'
import { chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import {
  logWeightedChiSquareSurvival,
  weightedChiSquareSurvival,
} from '../../../src/statistics/weighted-chi-square.ts'
import { relativeError } from '../../support/golden-statistics.ts'

const lawOf = (weights: number[]) => ({ weights, restMean: 0, restVariance: 0 })

describe('weightedChiSquareSurvival', () => {
  it('is the chi-squared law for equal weights, body and tail', () => {
    for (const degrees of [1, 2, 5, 10]) {
      for (const x of [0.01, 0.5, 3, 10, 40, 200, 1200]) {
        const actual = weightedChiSquareSurvival(x, lawOf(new Array<number>(degrees).fill(1)))
        expect(relativeError(actual, chiSquareSurvival(x, degrees)), `${degrees}, ${x}`).toBeLessThan(1e-12)
      }
    }
  })

  it('has the closed form of two exponentials for weights in pairs', () => {
    for (const x of [0.3, 2, 12, 90]) {
      const expected = (3 * Math.exp(-x / 6) - Math.exp(-x / 2)) / 2
      expect(relativeError(weightedChiSquareSurvival(x, lawOf([3, 3, 1, 1])), expected)).toBeLessThan(1e-12)
    }
  })

  it('replaces small weights by their two moments', () => {
    const all = Array.from({ length: 300 }, (_, i) => 1 / ((i + 1) * (i + 2)))
    const rest = all.slice(12)
    const short = {
      weights: all.slice(0, 12),
      restMean: rest.reduce((sum, weight) => sum + weight, 0),
      restVariance: 2 * rest.reduce((sum, weight) => sum + weight * weight, 0),
    }
    for (const x of [0.3, 1, 4, 15]) {
      expect(
        relativeError(weightedChiSquareSurvival(x, short), weightedChiSquareSurvival(x, lawOf(all))),
      ).toBeLessThan(5e-5)
    }
  })

  it('goes on below the smallest double, and is certain at 0', () => {
    expect(logWeightedChiSquareSurvival(4000, lawOf([1, 1]))).toBeCloseTo(-2000, 8)
    expect(weightedChiSquareSurvival(0, lawOf([1]))).toBe(1)
    expect(weightedChiSquareSurvival(3, lawOf([]))).toBe(1)
  })
})
