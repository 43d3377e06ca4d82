import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../../../src/detectors/performance-metrics.ts'
import {
  type ReferenceEvent,
  referenceEvent,
  referenceEventExample,
} from '../../../src/events/reference-event.ts'
import { fromReferenceEvent } from '../../../src/sketches/reference-wire.ts'

/** As references were written when their sums were doubles. */
const earlier = {
  n: 4,
  scored: 4,
  correct: 3,
  truePositives: 1,
  falsePositives: 1,
  trueNegatives: 2,
  falseNegatives: 0,
  logLossSum: 1.7,
  logLossSquareSum: 1.1,
  brierSum: 0.6,
  brierSquareSum: 0.2,
  absoluteErrorSum: 0,
  squaredErrorSum: 0,
  quarticErrorSum: 0,
  joint: Array.from({ length: 256 }, (_, cell) => (cell % 85 === 0 ? 1 : 0)),
}

function read(change: Partial<ReferenceEvent>) {
  const event = referenceEvent.parse(JSON.parse(JSON.stringify({ ...referenceEventExample, ...change })))
  return fromReferenceEvent(event)
}

function metrics(change: Partial<ReferenceEvent>): Record<string, number> {
  const { performance } = read(change)
  return Object.fromEntries(
    compareMetrics(performance!, performance!).map(({ metric, value }) => [metric, value]),
  )
}

describe('a reference whose sums are doubles', () => {
  it('keeps the metrics of a binary model', () => {
    const values = metrics({ performance: earlier })
    expect(values).toMatchObject({ accuracy: 0.75, precision: 0.5, recall: 1 })
    expect(values['log-loss']).toBeCloseTo(0.425, 11)
    expect(values.brier).toBeCloseTo(0.15, 11)
  })

  it('keeps those of a regression that it knew, and has no others', () => {
    const sums = { absoluteErrorSum: 8, squaredErrorSum: 20, quarticErrorSum: 120, joint: [] }
    const values = metrics({ task: 'regression', performance: { ...earlier, ...sums } })
    expect(values).toMatchObject({ mae: 2, rmse: Math.sqrt(5) })
    expect([values.r2, values.bias, values['p90-absolute-error']]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
  })
})

describe('fromReferenceEvent', () => {
  it.each<[string, Partial<ReferenceEvent>, RegExp]>([
    ['sums of another length', { performance: { ...earlier, sums: [1] } }, /expected 8 sums counts, got 1/],
    [
      'a digit beyond its base',
      { performance: { ...earlier, sums: [2 ** 52, 0, 0, 0, 0, 0, 0, 0] } },
      /sums counts up to 4503599627370495, got 4503599627370496/,
    ],
    [
      'classes of a binary model',
      { performance: { ...earlier, classCount: 2 } },
      /no classes of a binary model/,
    ],
    ['a class twice', { task: 'multiclass', classes: ['a', 'a'] }, /each class once/],
    [
      'outcomes counted by other classes',
      { task: 'multiclass', classes: ['a', 'b'], performance: { ...earlier, joint: [], classCount: 3 } },
      /by 2 classes, got 3/,
    ],
  ])('refuses %s', (_name, change, message) => {
    expect(() => read(change)).toThrow(message)
    expect(() => read(change)).toThrow(expect.objectContaining({ code: 'EVENT_INVALID' }))
  })
})
