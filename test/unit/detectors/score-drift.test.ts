import { describe, expect, it } from 'vitest'
import { compileCategorical, compileNumeric } from '../../../src/detectors/compiled-distribution.ts'
import {
  judgePredictionDrift,
  judgeScoreDrift,
  predictionCells,
  scoreCells,
} from '../../../src/detectors/score-drift.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { OPTIONS } from '../../support/counted-samples.ts'
import { scoredOutcomes } from '../../support/scored-outcomes.ts'

const reference = scoredOutcomes(20_000, 'reference', { labelled: 0 })
const score = compileNumeric(scoreCells(reference))
const prediction = compileCategorical(predictionCells(reference))
const judge = (window: PerformanceCounts) => [
  judgeScoreDrift(score, window, 1, OPTIONS),
  judgePredictionDrift(prediction, window, [], 1, OPTIONS),
]

describe('judgeScoreDrift and judgePredictionDrift', () => {
  it('take the same scores for stable', () => {
    const findings = judge(scoredOutcomes(3_000, 'same', { labelled: 0 }))
    expect(findings.map(({ detector, verdict }) => [detector, verdict])).toEqual([
      ['score-drift', 'stable'],
      ['prediction-drift', 'stable'],
    ])
  })

  it('see scores that rise, and predictions with them', () => {
    const findings = judge(scoredOutcomes(3_000, 'risen', { score: (random) => Math.sqrt(random()) }))
    expect(findings.map(({ verdict }) => verdict)).toEqual(['drifted', 'drifted'])
    expect(findings[0]!.message).toMatch(/mean 0\.6[67]\d*, 0\.(49|5)\d* in the reference/)
    expect(findings[1]!.message).toContain('the negative prediction has 2')
  })

  it('see scores that move within one prediction, where predictions do not', () => {
    const surer = {
      score: (random: () => number) => (random() < 0.5 ? 0.25 * random() : 0.75 + 0.25 * random()),
    }
    const findings = judge(scoredOutcomes(3_000, 'surer', surer))
    expect(findings.map(({ verdict }) => verdict)).toEqual(['drifted', 'stable'])
  })

  it('are undecided without scores', () => {
    expect(judge(createPerformanceCounts('binary')).map(({ verdict, n }) => [verdict, n])).toEqual([
      ['undecided', 0],
      ['undecided', 0],
    ])
  })
})
