import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMeasurable, metricOf } from '../../../src/retraining/metric.ts'
import type { Label, Problem } from '../../../src/retraining/outcome.ts'

const binary: Problem = { task: 'binary', positiveLabel: '1' }
const regression: Problem = { task: 'regression', positiveLabel: '' }

const scored = (labels: readonly Label[], scores: readonly number[]) =>
  labels.map((label, index) => ({ label, outcome: { prediction: 0, score: scores[index]! } }))

const predicted = (labels: readonly Label[], predictions: readonly Label[]) =>
  labels.map((label, index) => ({ label, outcome: { prediction: predictions[index]!, score: null } }))

describe('metricOf', () => {
  // The examples of the scikit-learn 1.5 user guide and reference for each function.
  it.each([
    ['auc', scored([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75],
    ['logLoss', scored([1, 0, 0, 1], [0.9, 0.1, 0.2, 0.65]), 0.21616187468057912],
    ['brier', scored([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]), 0.0375],
  ] as const)('%s', (metric, rows, expected) => {
    expect(metricOf(metric, binary, rows)).toBeCloseTo(expected, 14)
  })

  it.each([
    ['mae', 0.5],
    ['rmse', 0.6123724356957946],
  ] as const)('%s', (metric, expected) => {
    const rows = predicted([3, -0.5, 2, 7], [2.5, 0, 2, 8])
    expect(metricOf(metric, regression, rows)).toBeCloseTo(expected, 14)
  })

  it('accuracy', () => {
    expect(metricOf('accuracy', binary, predicted([0, 1, 2, 3], [0, 2, 1, 3]))).toBe(0.5)
  })

  it('is null without rows, with a row that cannot be measured, for an AUC of one class', () => {
    expect(metricOf('logLoss', binary, [])).toBeNull()
    expect(metricOf('logLoss', binary, scored([1, 0], [0.5, Number.NaN]))).toBeNull()
    expect(metricOf('auc', binary, scored([1, 1], [0.5, 0.6]))).toBeNull()
    expect(metricOf('auc', regression, scored([1, 0], [0.5, 0.6]))).toBeNull()
  })

  it('measures an AUC on margins that are no probabilities', () => {
    expect(isMeasurable('auc', binary, scored([1], [-3.5])[0]!)).toBe(true)
    expect(isMeasurable('logLoss', binary, scored([1], [-3.5])[0]!)).toBe(false)
    expect(metricOf('auc', binary, scored([1, 0], [-3, -4]))).toBe(1)
  })
})

describe('AUC', () => {
  const rows = fc
    .array(fc.record({ positive: fc.boolean(), score: fc.integer({ min: 0, max: 6 }) }), { minLength: 2 })
    .filter((list) => new Set(list.map(({ positive }) => positive)).size === 2)

  const auc = (list: readonly { positive: boolean; score: number }[], flip = false) =>
    metricOf(
      'auc',
      binary,
      scored(
        list.map(({ positive }) => Number(positive !== flip)),
        list.map(({ score }) => score / 6),
      ),
    )!

  it('is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const positives = list.filter(({ positive }) => positive)
        const negatives = list.filter(({ positive }) => !positive)
        const wins = positives.flatMap((p) =>
          negatives.map((n) => (p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0)),
        )
        const share = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length
        expect(auc(list)).toBeCloseTo(share, 12)
      }),
    )
  })

  it('turns into its complement with the labels', () => {
    fc.assert(
      fc.property(rows, (list) => {
        expect(auc(list, true)).toBeCloseTo(1 - auc(list), 12)
      }),
    )
  })
})
