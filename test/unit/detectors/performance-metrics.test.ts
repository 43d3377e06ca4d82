import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../../../src/detectors/performance-metrics.ts'
import { errorQuantile } from '../../../src/detectors/regression-metrics.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { goldenMetrics } from '../../support/golden-metrics.ts'

function metricsOf(counts: PerformanceCounts): Record<string, number> {
  return Object.fromEntries(compareMetrics(counts, counts).map(({ metric, value }) => [metric, value]))
}

describe('compareMetrics against scikit-learn', () => {
  it.each(goldenMetrics('binary'))('$name', ({ counts, expected }) => {
    const values = metricsOf(counts)
    expect(Object.keys(values).sort()).toEqual(Object.keys(expected).sort())
    for (const exact of ['accuracy', 'precision', 'recall', 'f1']) {
      expect(values[exact], exact).toBeCloseTo(expected[exact]!, 14)
    }
    for (const loss of ['log-loss', 'brier']) {
      expect(Math.abs(values[loss]! - expected[loss]!), loss).toBeLessThan(1e-12)
    }
    expect(Math.abs(values['calibration-error']! - expected['calibration-error']!)).toBeLessThan(2.4e-7)
    // Small samples, one of them with nearly all scores in a few bins.
    expect(Math.abs(values.auc! - expected.auc!)).toBeLessThan(1e-3)
  })

  it.each(goldenMetrics('multiclass'))('$name', ({ counts, expected }) => {
    const values = metricsOf(counts)
    expect(Object.keys(values).sort()).toEqual(Object.keys(expected).sort())
    for (const exact of ['accuracy', 'precision', 'recall', 'f1']) {
      expect(values[exact], exact).toBeCloseTo(expected[exact]!, 14)
    }
    for (const loss of ['log-loss', 'brier']) {
      expect(Math.abs(values[loss]! - expected[loss]!), loss).toBeLessThan(1e-12)
    }
    expect(Math.abs(values['calibration-error']! - expected['calibration-error']!)).toBeLessThan(2.4e-7)
    expect(Math.abs(values.auc! - expected.auc!)).toBeLessThan(1e-3)
  })

  it.each(goldenMetrics('regression'))('$name', ({ counts, expected }) => {
    const values = metricsOf(counts)
    expect(Object.keys(values).sort()).toEqual(Object.keys(expected).sort())
    for (const exact of ['mae', 'rmse', 'bias']) {
      expect(Math.abs(values[exact]! / expected[exact]! - 1), exact).toBeLessThan(1e-12)
    }
    // The squares of labels around 1e6 are rounded, and their spread is 5.
    expect(Math.abs(values.r2! / expected.r2! - 1)).toBeLessThan(1e-8)
    for (const quantile of ['median-absolute-error', 'p90-absolute-error']) {
      expect(Math.abs(values[quantile]! / expected[quantile]! - 1), quantile).toBeLessThan(0.032)
    }
  })
})

describe('compareMetrics', () => {
  it('gives every metric that is defined a standard error', () => {
    for (const task of ['binary', 'multiclass', 'regression'] as const) {
      for (const { counts } of goldenMetrics(task)) {
        for (const { metric, change } of compareMetrics(counts, counts)) {
          expect(change!.upper, metric).toBeGreaterThan(0)
          expect(change!.upper, metric).toBeLessThan(Number.POSITIVE_INFINITY)
          expect(change!.pValue, metric).toBe(1)
        }
      }
    }
  })

  it('defines nothing without outcomes', () => {
    for (const task of ['binary', 'multiclass', 'regression'] as const) {
      const nothing = createPerformanceCounts(task)
      for (const { metric, value, change } of compareMetrics(nothing, nothing)) {
        expect([value, change], metric).toEqual([Number.NaN, null])
      }
    }
  })
})

describe('errorQuantile', () => {
  it('is signed', () => {
    const { counts } = goldenMetrics('regression')[0]!
    expect(errorQuantile(counts, 0.1)!.value).toBeLessThan(-1)
    expect(errorQuantile(counts, 0.9)!.value).toBeGreaterThan(1)
    expect(errorQuantile(createPerformanceCounts('regression'), 0.5)).toBeNull()
  })
})
