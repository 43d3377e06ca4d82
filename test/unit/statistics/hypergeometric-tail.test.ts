import { describe, expect, it } from 'vitest'
import {
  logHypergeometricLower,
  logHypergeometricUpper,
} from '../../../src/statistics/hypergeometric-tail.ts'
import { goldenRows } from '../../support/golden-statistics.ts'

describe('the hypergeometric tails', () => {
  it('agree with scipy on both sides of the mode', () => {
    for (const { hits, marked, n, m, upper, lower } of goldenRows('hypergeometric')) {
      expect(Math.abs(logHypergeometricUpper(hits!, marked!, n!, m!) - upper!)).toBeLessThan(1e-8)
      expect(Math.abs(logHypergeometricLower(hits!, marked!, n!, m!) - lower!)).toBeLessThan(1e-8)
    }
  })

  it('reach far below the smallest double', () => {
    // All of 5000 marked values among 5000 of 55 000: C(5000, 5000) / C(55 000, 5000).
    const log = logHypergeometricUpper(5000, 5000, 5000, 50_000)
    expect(log).toBeLessThan(-15_000)
    expect(Number.isFinite(log)).toBe(true)
  })

  it('are certain where nothing else can be', () => {
    expect(logHypergeometricUpper(0, 10, 5, 100)).toBe(0)
    expect(logHypergeometricUpper(5, 105, 10, 100)).toBe(0)
    expect(logHypergeometricLower(5, 5, 10, 100)).toBe(0)
  })
})
