import { describe, expect, it } from 'vitest'
import { judgeLabelCoverage } from '../../../src/detectors/label-coverage.ts'
import { OPTIONS } from '../../support/counted-samples.ts'

const before = { labelled: 9_000, predictions: 10_000 }
const judge = (labelled: number, predictions: number) =>
  judgeLabelCoverage({ labelled, predictions }, before, OPTIONS)[0]

describe('judgeLabelCoverage', () => {
  it('sees labels that stay away', () => {
    expect(judge(700, 1_000)).toMatchObject({
      detector: 'label-coverage',
      verdict: 'drifted',
      value: 0.7,
      referenceValue: 0.9,
      message: '70.0 % of 1000 predictions have a label, 90.0 % had in the time before',
    })
  })

  it('takes as many labels, and more of them, for stable', () => {
    expect(judge(4_500, 5_000)!.verdict).toBe('stable')
    expect(judge(1_000, 1_000)).toMatchObject({ verdict: 'stable', pValue: 1 })
  })

  it('is undecided on few predictions, and silent without a past', () => {
    expect(judge(100, 150)!.verdict).toBe('undecided')
    expect(judge(0, 0)).toBeUndefined()
    expect(judgeLabelCoverage(before, { labelled: 0, predictions: 0 }, OPTIONS)).toEqual([])
  })
})
