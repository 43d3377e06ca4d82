import { describe, expect, it } from 'vitest'
import { chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import { scoreShape, smoothSurvival } from '../../../src/statistics/smooth-survival.ts'

describe('scoreShape', () => {
  it('is a quarter of the excess over two for one symmetric score', () => {
    // A fair coin: scores -1 and 1, fourth cumulant -2, no third.
    expect(scoreShape([Float64Array.of(-1, 1)], Float64Array.of(0.5, 0.5))).toEqual({
      fourth: -2 / 8,
      third: 0,
    })
  })

  it('holds the squared skewness of one score', () => {
    // Bernoulli(0.1): skewness 0.8 / 0.3, excess kurtosis (1 - 6 * 0.09) / 0.09.
    const scores = Float64Array.of(-0.1 / 0.3, 0.9 / 0.3)
    const { fourth, third } = scoreShape([scores], Float64Array.of(0.9, 0.1))
    expect(fourth).toBeCloseTo(0.46 / 0.09 / 8, 12)
    expect(third).toBeCloseTo((0.8 / 0.3) ** 2 * (1 / 8 + 1 / 12), 12)
  })
})

describe('smoothSurvival', () => {
  it('is chi-squared for large samples, and for scores as round as the normal', () => {
    const shape = { fourth: 1, third: 1 }
    for (const order of [1, 2, 3, 4]) {
      expect(smoothSurvival(9, order, shape, 1e12, 1e12)).toBeCloseTo(chiSquareSurvival(9, order), 10)
      expect(smoothSurvival(9, order, { fourth: 0, third: 0 }, 200, 300)).toBeCloseTo(
        chiSquareSurvival(9, order),
        12,
      )
    }
    expect(smoothSurvival(9, 0, shape, 100, 100)).toBe(1)
  })

  it('is nearer than chi-squared to the exact tail of a squared sum of exponentials', () => {
    // n exponentials less their mean, m infinite: P(|S - n| > r) by the Gamma(n) law, here from the Poisson sum.
    const n = 200
    const statistic = 16
    const poisson = (limit: number, rate: number) => {
      let sum = 0
      let log = -rate
      for (let k = 0; k < limit; k++) {
        sum += Math.exp(log)
        log += Math.log(rate / (k + 1))
      }
      return sum
    }
    const reach = Math.sqrt(statistic * n)
    const exact = poisson(n, n + reach) + (1 - poisson(n, n - reach))
    const corrected = smoothSurvival(statistic, 1, { fourth: 6 / 8, third: 4 * (1 / 8 + 1 / 12) }, n, 1e15)
    const plain = chiSquareSurvival(statistic, 1)
    expect(exact / plain).toBeGreaterThan(1.5)
    expect(Math.abs(Math.log(corrected / exact))).toBeLessThan(0.5 * Math.abs(Math.log(plain / exact)))
  })
})
