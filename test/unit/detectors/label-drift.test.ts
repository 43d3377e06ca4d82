import { describe, expect, it } from 'vitest'
import { judgeLabelDrift } from '../../../src/detectors/label-drift.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { OPTIONS } from '../../support/counted-samples.ts'

function labelled(n: number, positives: number): PerformanceCounts {
  const counts = createPerformanceCounts('binary')
  counts.n = n
  counts.truePositives = Math.floor(positives / 3)
  counts.falseNegatives = positives - counts.truePositives
  counts.trueNegatives = n - positives
  return counts
}
const reference = labelled(100_000, 20_000)

describe('judgeLabelDrift', () => {
  it.each([
    ['stable', 10_000, 2_000],
    ['stable', 1_000_000, 210_000],
    ['drifted', 10_000, 2_500],
    ['drifted', 10_000, 1_500],
    ['warning', 10_000, 2_350],
    ['undecided', 199, 199],
    ['undecided', 0, 0],
  ] as const)('is %s for %d labels with %d positive against 20 %%', (verdict, n, positives) => {
    const [finding] = judgeLabelDrift(reference, labelled(n, positives), OPTIONS)
    expect(finding).toMatchObject({ verdict, subject: 'label', statistic: 'positive-rate', n, m: 100_000 })
  })

  it('reports both rates and the interval of their difference', () => {
    const [finding] = judgeLabelDrift(reference, labelled(10_000, 1_500), OPTIONS)
    expect(finding).toMatchObject({ value: 0.15, referenceValue: 0.2, threshold: 0.03 })
    expect(finding!.effectLower).toBeLessThan(-0.05)
    expect(finding!.effectUpper).toBeLessThan(-0.03)
    expect(finding!.message).toBe('15.0 % of 10000 labels are positive, 20.0 % in the reference')
  })

  it('has nothing to say of other tasks', () => {
    const regression = createPerformanceCounts('regression')
    expect(judgeLabelDrift(regression, regression, OPTIONS)).toEqual([])
  })
})
