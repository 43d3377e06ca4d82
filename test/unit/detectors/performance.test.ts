import { describe, expect, it } from 'vitest'
import { judgePerformance } from '../../../src/detectors/performance.ts'
import { finding } from '../../../src/events/finding.ts'
import { createCategoryDictionary } from '../../../src/sketches/category-dictionary.ts'
import { addOutcome, createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { findingBy, OPTIONS } from '../../support/counted-samples.ts'

/** n scored predictions of a model that is calibrated, with a share of the labels drawn at random instead. */
function binary(n: number, seed: string, randomLabels = 0, baseRate = 0.5): PerformanceCounts {
  const random = createRandom(seed)
  const counts = createPerformanceCounts('binary')
  for (let i = 0; i < n; i++) {
    const score = random()
    const chance = random() < randomLabels ? baseRate : score
    addOutcome(counts, {
      prediction: score >= 0.5 ? 1 : 0,
      score,
      label: random() < chance ? 1 : 0,
      positiveLabel: '1',
    })
  }
  return counts
}

function regression(n: number, seed: string, spread: number, bias = 0): PerformanceCounts {
  const random = createRandom(seed)
  const counts = createPerformanceCounts('regression')
  for (let i = 0; i < n; i++) {
    const label = 100 * random()
    addOutcome(counts, {
      prediction: label + bias + spread * (random() + random() - 1),
      score: undefined,
      label,
      positiveLabel: '',
    })
  }
  return counts
}

/** n predictions among three classes, as sure as they are right, with a share of the labels drawn at random. */
function multiclass(n: number, seed: string, randomLabels: number): PerformanceCounts {
  const random = createRandom(seed)
  const classes = createCategoryDictionary(['a', 'b', 'c'])
  const counts = createPerformanceCounts('multiclass')
  for (let i = 0; i < n; i++) {
    const weights = classes.categories.map(() => random() ** 3)
    const sum = weights[0]! + weights[1]! + weights[2]!
    const [a, b, c] = weights.map((weight) => weight / sum) as [number, number, number]
    const draw = random()
    const label =
      random() < randomLabels ? 'abc'[Math.floor(3 * draw)]! : draw < a ? 'a' : draw < a + b ? 'b' : 'c'
    const prediction = a >= b && a >= c ? 'a' : b >= c ? 'b' : 'c'
    addOutcome(counts, { prediction, score: { a, b, c }, label, positiveLabel: '', classes })
  }
  return counts
}

const reference = binary(20_000, 'reference')
const judge = (window: PerformanceCounts) => judgePerformance(reference, window, OPTIONS)

describe('judgePerformance', () => {
  it('gives a finding for each metric of the task', () => {
    const metrics = (counts: PerformanceCounts) =>
      judgePerformance(counts, counts, OPTIONS).map(({ subject, statistic }) => [subject, statistic])
    const twice = (names: string[]) => names.map((name) => [name, name])
    expect(metrics(reference)).toEqual(
      twice(['auc', 'accuracy', 'precision', 'recall', 'f1', 'log-loss', 'brier', 'calibration-error']),
    )
    expect(metrics(createPerformanceCounts('multiclass'))).toEqual(metrics(reference))
    expect(metrics(createPerformanceCounts('regression'))).toEqual(
      twice(['mae', 'rmse', 'r2', 'bias', 'median-absolute-error', 'p90-absolute-error']),
    )
  })

  it('has the values that follow from the scores', () => {
    // Calibrated, uniform scores: AUC 5/6, accuracy 3/4, log-loss 1/2, Brier 1/6.
    const findings = judge(binary(20_000, 'window'))
    expect(findingBy(findings, 'auc').value).toBeCloseTo(5 / 6, 2)
    expect(findingBy(findings, 'accuracy').value).toBeCloseTo(0.75, 2)
    expect(findingBy(findings, 'log-loss').value).toBeCloseTo(0.5, 2)
    expect(findingBy(findings, 'brier').value).toBeCloseTo(1 / 6, 2)
    for (const one of findings) {
      expect(one.verdict).toBe('stable')
      expect(one.effectLower!).toBeLessThan(one.effectUpper!)
      expect(finding.safeParse(one).success).toBe(true)
    }
  })

  it('calls a fall drifted in every metric that decides, and lets those of a threshold warn at most', () => {
    const findings = judge(binary(5000, 'fall', 0.5))
    const verdicts = Object.fromEntries(findings.map((one) => [one.statistic, one.verdict]))
    expect(verdicts).toEqual({
      auc: 'drifted',
      accuracy: 'warning',
      precision: 'warning',
      recall: 'warning',
      f1: 'warning',
      'log-loss': 'drifted',
      brier: 'drifted',
      'calibration-error': 'warning',
    })
    const auc = findingBy(findings, 'auc')
    expect(auc).toMatchObject({ threshold: 0.03, n: 5000, m: 20_000 })
    expect(auc.effectUpper!).toBeLessThan(-0.03)
    expect(auc.message).toMatch(/^auc 0\.6\d+ on 5000 labelled predictions, 0\.83\d in the reference$/)
    expect(findingBy(findings, 'log-loss').threshold).toBeCloseTo(0.05, 2)
  })

  it('lets accuracy decide where it is asked to, as when a rule turned near the threshold', () => {
    const random = createRandom('threshold')
    const near = (labelled: number) => {
      const counts = createPerformanceCounts('binary')
      for (let i = 0; i < 5000; i++) {
        const score = random()
        const label = (score >= labelled ? 1 : 0) === (random() < 0.15 ? 1 : 0) ? 0 : 1
        addOutcome(counts, { prediction: score >= 0.5 ? 1 : 0, score, label, positiveLabel: '1' })
      }
      return counts
    }
    const verdicts = (accuracyDecides: boolean) => {
      const findings = judgePerformance(near(0.5), near(0.61), { ...OPTIONS, accuracyDecides })
      return findings.map(({ statistic, verdict }) => `${statistic} ${verdict}`)
    }
    expect(verdicts(true)).toContain('accuracy drifted')
    expect(verdicts(true).filter((each) => each.endsWith(' drifted'))).toHaveLength(1)
    expect(verdicts(false)).toContain('accuracy warning')
    expect(verdicts(false).filter((each) => each.endsWith(' drifted'))).toHaveLength(0)
  })

  it('lets accuracy decide where there are no scores to rank by', () => {
    const unscored = (counts: PerformanceCounts): PerformanceCounts => ({
      ...counts,
      scored: 0,
      joint: new Uint32Array(counts.joint.length),
    })
    const findings = judgePerformance(
      unscored(binary(20_000, 'before')),
      unscored(binary(5000, 'fall', 0.5)),
      OPTIONS,
    )
    expect(findingBy(findings, 'auc').verdict).toBe('undecided')
    expect(findingBy(findings, 'accuracy').verdict).toBe('drifted')
  })

  it('calls an improvement stable, however large', () => {
    const poor = binary(20_000, 'poor', 0.8)
    const findings = judgePerformance(poor, binary(5000, 'better'), OPTIONS)
    expect(new Set(findings.map((one) => one.verdict))).toEqual(new Set(['stable']))
    // The p-value is that of a fall.
    expect(findingBy(findings, 'auc').pValue).toBe(1)
  })

  it('calls a sure but small fall stable', () => {
    const large = binary(400_000, 'large')
    const findings = judgePerformance(large, binary(400_000, 'slightly', 0.06), OPTIONS)
    expect(findingBy(findings, 'accuracy').pValue).toBeLessThan(1e-6)
    expect(findingBy(findings, 'accuracy').verdict).toBe('stable')
    expect(findingBy(findings, 'auc').verdict).toBe('stable')
  })

  it('is undecided on few labels, without scores, and on one class', () => {
    expect(new Set(judge(binary(199, 'few', 1)).map((one) => one.verdict))).toEqual(new Set(['undecided']))

    const unscored = createPerformanceCounts('binary')
    for (let i = 0; i < 500; i++) {
      addOutcome(unscored, {
        prediction: 1,
        score: undefined,
        label: i % 4 === 0 ? 0 : 1,
        positiveLabel: '1',
      })
    }
    const findings = judge(unscored)
    expect(findingBy(findings, 'accuracy').verdict).toBe('stable')
    for (const metric of ['auc', 'log-loss', 'brier']) {
      expect(findingBy(findings, metric)).toMatchObject({ verdict: 'undecided', value: null, n: 0 })
    }
    expect(findingBy(findings, 'auc').message).toContain('auc is not defined on 0 labelled predictions')

    const oneClass = createPerformanceCounts('binary')
    for (let i = 0; i < 500; i++) {
      addOutcome(oneClass, { prediction: 1, score: 0.9, label: i < 9 ? 0 : 1, positiveLabel: '1' })
    }
    expect(findingBy(judge(oneClass), 'auc').verdict).toBe('undecided')
  })

  it('ranks each class of a multiclass model, and lets the AUC decide before the accuracy', () => {
    const before = multiclass(10_000, 'before', 0)
    const same = judgePerformance(before, multiclass(3000, 'same', 0), OPTIONS)
    expect(new Set(same.map((one) => one.verdict))).toEqual(new Set(['stable']))
    const verdicts = Object.fromEntries(
      judgePerformance(before, multiclass(3000, 'worse', 0.5), OPTIONS).map((one) => [
        one.statistic,
        one.verdict,
      ]),
    )
    expect(verdicts).toEqual({
      auc: 'drifted',
      accuracy: 'warning',
      precision: 'warning',
      recall: 'warning',
      f1: 'warning',
      'log-loss': 'drifted',
      brier: 'drifted',
      'calibration-error': 'warning',
    })
  })

  it('warns of a bias, in either direction', () => {
    const before = regression(10_000, 'before', 3)
    for (const bias of [-1, 1]) {
      const findings = judgePerformance(before, regression(2000, 'biased', 3, bias), OPTIONS)
      expect(findingBy(findings, 'bias')).toMatchObject({
        verdict: 'warning',
        value: expect.closeTo(bias, 0),
      })
    }
  })

  it('weighs the errors of a regression', () => {
    const before = regression(10_000, 'before', 3)
    const same = judgePerformance(before, regression(2000, 'same', 3), OPTIONS)
    expect(new Set(same.map((one) => one.verdict))).toEqual(new Set(['stable']))
    // Labels uniform on 100: variance 100²/12.
    expect(findingBy(same, 'r2').value).toBeCloseTo(1 - 1.5 / (10_000 / 12), 3)
    expect(Math.abs(findingBy(same, 'bias').value!)).toBeLessThan(0.1)
    // 1 - (1 - x/3)² = 1/2 and 9/10.
    expect(findingBy(same, 'median-absolute-error').value).toBeCloseTo(3 * (1 - Math.SQRT1_2), 1)
    expect(findingBy(same, 'p90-absolute-error').value).toBeCloseTo(3 * (1 - Math.sqrt(0.1)), 0)
    // The sum of two uniform values on ±1/2: mean absolute value 1/3, variance 1/6.
    expect(findingBy(same, 'mae').value).toBeCloseTo(1, 1)
    expect(findingBy(same, 'rmse').value).toBeCloseTo(3 / Math.sqrt(6), 1)
    const worse = judgePerformance(before, regression(2000, 'worse', 4), OPTIONS)
    const verdicts = Object.fromEntries(worse.map((one) => [one.statistic, one.verdict]))
    expect(verdicts).toEqual({
      mae: 'drifted',
      rmse: 'drifted',
      r2: 'stable',
      bias: 'stable',
      'median-absolute-error': 'warning',
      'p90-absolute-error': 'warning',
    })
  })

  it('refuses counts of another task', () => {
    expect(() => judge(createPerformanceCounts('regression'))).toThrow(
      'expected performance counts of binary, got regression ones',
    )
  })
})
