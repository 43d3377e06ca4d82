import { describe, expect, it } from 'vitest'
import { changeEvidence, countEvidence, estimateChange } from '../../../src/detectors/change-point.ts'
import { coarsen, sumGroups } from '../../../src/detectors/coarsen.ts'
import { judgePerformance } from '../../../src/detectors/performance.ts'
import { judgeRateRise } from '../../../src/detectors/rate-rise.ts'
import {
  addOutcome,
  createPerformanceCounts,
  mergePerformanceCounts,
} from '../../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import {
  findingBy,
  findingLike,
  normalSample,
  numericReference,
  numericWindow,
  OPTIONS,
} from '../../support/counted-samples.ts'

const HOUR = 3_600_000
const add = (left: number[], right: number[]): number[] => left.map((x, i) => x + right[i]!)

describe('estimateChange', () => {
  const panes = [1, 2, 3, 4].map((pane) => ({ start: pane * HOUR, counts: [pane] }))

  it('gives the start of the suffix that maximises the statistic', () => {
    // Sums of the suffixes from pane 4 back: 4, 7, 9, 10.
    expect(estimateChange(panes, add, ([sum]) => 1 - Math.abs(sum! - 9))).toEqual({
      start: 2 * HOUR,
      statistic: 1,
    })
    expect(estimateChange(panes, add, ([sum]) => -sum!)).toEqual({ start: 4 * HOUR, statistic: -4 })
  })

  it('takes the earliest of equals', () => {
    expect(estimateChange(panes, add, () => 1)).toEqual({ start: HOUR, statistic: 1 })
  })

  it('is null without panes, and where nothing is finite', () => {
    expect(estimateChange([], add, () => 1)).toBeNull()
    expect(estimateChange(panes, add, () => Number.NaN)).toBeNull()
    expect(estimateChange(panes, add, () => Infinity)).toBeNull()
  })

  it('changes none of the counts it is given', () => {
    const frozen = panes.map((pane) =>
      Object.freeze({ start: pane.start, counts: Object.freeze(pane.counts) as number[] }),
    )
    expect(estimateChange(frozen, add, ([sum]) => sum!)!.statistic).toBe(10)
  })
})

describe('countEvidence', () => {
  it.each([1, 0.5])(
    'dates a moved distribution by its coarse counts to the pane, at a shift of %d',
    (shift) => {
      const reference = numericReference(normalSample(20_000))
      const groups = coarsen(reference.counts.bins, 20)
      const before = sumGroups(reference.counts.bins, groups)
      const random = createRandom(`shift ${shift}`)
      const panes = Array.from({ length: 24 }, (_, pane) => {
        const mean = pane >= 17 ? shift : 0
        const values = Array.from({ length: 300 }, () => mean + normalQuantile(random() + 2 ** -33))
        return { start: pane * HOUR, counts: [...sumGroups(numericWindow(reference, values).bins, groups)] }
      })
      const change = estimateChange(panes, add, (counts) => countEvidence(counts, before))
      expect(change!.start).toBe(17 * HOUR)
    },
  )

  it('is the likelihood-ratio statistic against the reference’s shares', () => {
    // scipy 1.17.1: q = [10.5 / 201, 190.5 / 201],
    // stats.power_divergence([30, 70], [100 * share for share in q], lambda_='log-likelihood').
    expect(countEvidence([30, 70], [10, 190])).toBeCloseTo(62.454298531682014, 10)
    expect(countEvidence([100, 900], [999_999.5, 8_999_999.5])).toBeCloseTo(0, 3)
    expect(countEvidence([], [])).toBe(0)
    expect(countEvidence([0, 0], [3, 4])).toBe(0)
    expect(countEvidence([3, 4], [0, 0])).toBe(0)
  })
})

describe('changeEvidence', () => {
  it('dates a rise of a rate', () => {
    const hits = [0, 1, 0, 0, 1, 30, 29, 33]
    const panes = hits.map((count, pane) => ({ start: pane * HOUR, counts: [count, 100] }))
    const change = estimateChange(panes, add, ([count, n]) =>
      changeEvidence(
        judgeRateRise(
          'origin',
          {
            statistic: 'missing-rate',
            hits: count!,
            n: n!,
            referenceHits: 0,
            m: 470_000,
            phrase: 'is missing in',
          },
          OPTIONS,
        ),
      ),
    )
    expect(change!.start).toBe(5 * HOUR)
  })

  it('dates a fall of the AUC', () => {
    const random = createRandom('auc')
    const outcomes = (n: number, noise: number): PerformanceCounts => {
      const counts = createPerformanceCounts('binary')
      for (let i = 0; i < n; i++) {
        const score = random()
        const label = random() < (random() < noise ? 0.5 : score) ? 1 : 0
        addOutcome(counts, { prediction: score > 0.5 ? 1 : 0, score, label, positiveLabel: '1' })
      }
      return counts
    }
    const before = outcomes(20_000, 0)
    const panes = Array.from({ length: 12 }, (_, pane) => ({
      start: pane * HOUR,
      counts: outcomes(400, pane >= 7 ? 0.8 : 0),
    }))
    const merge = (left: PerformanceCounts, right: PerformanceCounts): PerformanceCounts => {
      const sum = createPerformanceCounts('binary')
      mergePerformanceCounts(sum, left)
      mergePerformanceCounts(sum, right)
      return sum
    }
    const change = estimateChange(panes, merge, (counts) =>
      changeEvidence(findingBy(judgePerformance(before, counts, OPTIONS), 'auc')),
    )
    expect(change!.start).toBe(7 * HOUR)
  })

  it.each([
    [{ value: null }],
    [{ n: 0 }],
    [{ m: 0 }],
    [{ statistic: 'auc', effectLower: null }],
    [{ statistic: 'auc', effectLower: 0.2, effectUpper: 0.2 }],
  ])('is 0 without numbers: %j', (parts) => {
    expect(changeEvidence(findingLike(parts))).toBe(0)
  })
})
