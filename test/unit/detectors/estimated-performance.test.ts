import { describe, expect, it } from 'vitest'
import { judgeEstimateError } from '../../../src/detectors/estimate-error.ts'
import { judgeEstimatedPerformance } from '../../../src/detectors/estimated-performance.ts'
import { estimatePerformance } from '../../../src/detectors/performance-estimate.ts'
import { scoreCalibration } from '../../../src/detectors/score-calibration.ts'
import { finding } from '../../../src/events/finding.ts'
import { createCategoryDictionary } from '../../../src/sketches/category-dictionary.ts'
import { addOutcome, addScore, createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import { areaUnderCurve } from '../../../src/statistics/auc.ts'
import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { OPTIONS } from '../../support/counted-samples.ts'
import { scoredOutcomes } from '../../support/scored-outcomes.ts'

/** Scores that are far too sure of themselves: the reference knows what they are worth. */
const overconfident = (score: number): number => 0.3 + 0.4 * score
const reference = scoredOutcomes(50_000, 'reference', { truth: overconfident })
const calibration = scoreCalibration(reference)!
/** Scores nearer to the middle, where the model errs more. */
const towardsTheMiddle = (random: Random): number => 0.3 + 0.4 * random()

describe('scoreCalibration', () => {
  it('learns what a score is worth', () => {
    for (const bin of [10, 64, 120]) {
      expect(calibration.probability[bin]).toBeCloseTo(overconfident((bin + 0.5) / 128), 1)
    }
    expect([...calibration.probability].every((p, at, all) => at === 0 || p >= all[at - 1]!)).toBe(true)
  })

  it('knows nothing without labelled scores', () => {
    expect(scoreCalibration(scoredOutcomes(100, 'no labels', { labelled: 0 }))).toBeNull()
    expect(scoreCalibration(createPerformanceCounts('regression'))).toBeNull()
    expect(scoreCalibration(createPerformanceCounts('multiclass'))).toBeNull()
  })
})

describe('estimatePerformance', () => {
  it('agrees with what labels say later, where scores keep their meaning', () => {
    const window = scoredOutcomes(20_000, 'later', { truth: overconfident, score: towardsTheMiddle })
    const { accuracy, f1, auc, n } = estimatePerformance(window, calibration)!
    expect(n).toBe(20_000)
    const realised = window.correct / window.n
    expect(Math.abs(accuracy.value - realised)).toBeLessThan(3 * accuracy.standardError)
    // sqrt(.25 / 20000) = .0035, and the calibration's own error beside it.
    expect(accuracy.standardError).toBeGreaterThan(0.0034)
    expect(accuracy.standardError).toBeLessThan(0.006)
    const { truePositives, falsePositives, falseNegatives } = window
    expect(f1).toBeCloseTo((2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives), 1)
    expect(auc).toBeCloseTo(areaUnderCurve(window.joint)!.value, 1)
  })

  it('covers the realised accuracy about as often as its error says', () => {
    let within = 0
    for (let at = 0; at < 200; at++) {
      const window = scoredOutcomes(500, `window ${at}`, { truth: overconfident })
      const { accuracy } = estimatePerformance(window, calibration)!
      if (Math.abs(accuracy.value - window.correct / window.n) < 1.96 * accuracy.standardError) within++
    }
    // 95 % of 200, less three standard deviations of a binomial.
    expect(within).toBeGreaterThanOrEqual(180)
  })

  it('has nothing to say of predictions without scores', () => {
    expect(estimatePerformance(createPerformanceCounts('binary'), calibration)).toBeNull()
  })
})

describe('judgeEstimatedPerformance', () => {
  const judge = (window: ReturnType<typeof scoredOutcomes>) =>
    judgeEstimatedPerformance(reference, window, calibration, OPTIONS)

  it('alarms before any label when scores move to where the model errs', () => {
    const [one] = judge(scoredOutcomes(5_000, 'unsure', { score: towardsTheMiddle, labelled: 0 }))
    // The chance of being right: 0.6 on uniform scores, 0.54 on those of the middle.
    expect(one).toMatchObject({ verdict: 'drifted', detector: 'estimated-performance', n: 5_000 })
    expect(one!.value).toBeCloseTo(0.54, 1)
    expect(one!.referenceValue).toBeCloseTo(0.6, 1)
    expect(one!.measures!.map(({ statistic }) => statistic)).toEqual([
      'estimated-accuracy',
      'estimated-f1',
      'estimated-auc',
      'estimated-log-loss',
    ])
    expect(finding.safeParse(one).success).toBe(true)
  })

  it('is stable on the same scores and on surer ones', () => {
    expect(judge(scoredOutcomes(5_000, 'same'))[0]!.verdict).toBe('stable')
    const sure = judge(scoredOutcomes(5_000, 'sure', { score: (random) => Math.round(random()) }))[0]!
    expect(sure).toMatchObject({ verdict: 'stable', pValue: 1 })
  })

  it('does not see that labels follow the scores otherwise: only labels can', () => {
    const window = scoredOutcomes(5_000, 'concept', { truth: (score) => 1 - overconfident(score) })
    expect(judge(window)[0]!.verdict).toBe('stable')
    const [error] = judgeEstimateError(window, calibration, OPTIONS)
    expect(error!.detector).toBe('estimated-performance')
  })

  it('has no finding without scores', () => {
    expect(judge(createPerformanceCounts('binary'))).toEqual([])
  })
})

describe('judgeEstimateError', () => {
  it('is next to nothing while scores mean what they meant', () => {
    const [one] = judgeEstimateError(
      scoredOutcomes(20_000, 'kept', { truth: overconfident }),
      calibration,
      OPTIONS,
    )
    expect(one).toMatchObject({ verdict: 'stable', statistic: 'estimate-error', n: 20_000, m: 50_000 })
    expect(Math.abs(one!.value!)).toBeLessThan(0.015)
  })

  it('warns, and no more, when more comes true than the scores were worth', () => {
    const window = scoredOutcomes(20_000, 'more', { truth: (score) => overconfident(score) + 0.15 })
    const [one] = judgeEstimateError(window, calibration, OPTIONS)
    expect(one!.verdict).toBe('warning')
    expect(one!.value).toBeCloseTo(0.15, 1)
    expect(one!.effectLower!).toBeGreaterThan(0.1)
    expect(judgeEstimateError(createPerformanceCounts('binary'), calibration, OPTIONS)).toEqual([])
  })

  it('counts a prediction among several classes once', () => {
    const classes = createCategoryDictionary(['a', 'b', 'c'])
    const random = createRandom('classes')
    const counts = createPerformanceCounts('multiclass')
    for (let at = 0; at < 6_000; at++) {
      const a = 0.2 + 0.6 * random()
      const score = { a, b: (1 - a) / 2, c: (1 - a) / 2 }
      const draw = random()
      const label = draw < a ? 'a' : draw < a + (1 - a) / 2 ? 'b' : 'c'
      const predicted = { prediction: 'a', score, positiveLabel: '', classes }
      addScore(counts, predicted)
      addOutcome(counts, { ...predicted, label })
    }
    const own = scoreCalibration(counts)!
    expect(judgeEstimateError(counts, own, OPTIONS)[0]).toMatchObject({ n: 6_000, verdict: 'stable' })
    expect(estimatePerformance(counts, own)!.accuracy.value).toBeCloseTo(counts.correct / counts.n, 2)
  })
})
