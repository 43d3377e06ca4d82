import { describe, expect, it } from 'vitest'
import {
  addOutcome,
  createPerformanceCounts,
  mergePerformanceCounts,
  type Outcome,
} from '../../../src/sketches/performance-counts.ts'
import type { PerformanceCounts, Task } from '../../../src/sketches/types.ts'

function counted(task: Task, ...outcomes: Partial<Outcome>[]): PerformanceCounts {
  const counts = createPerformanceCounts(task)
  for (const outcome of outcomes) {
    addOutcome(counts, { prediction: 1, score: undefined, label: 1, positiveLabel: '1', ...outcome })
  }
  return counts
}

describe('addOutcome of a binary model', () => {
  it('fills the confusion counts, comparing by text', () => {
    const counts = counted(
      'binary',
      { prediction: 1, label: '1' },
      { prediction: '1', label: 0 },
      { prediction: 'no', label: 0 },
      { prediction: 'no', label: 0 },
      { prediction: 0, label: 1 },
    )
    expect(counts).toMatchObject({ n: 5, correct: 3, scored: 0 })
    expect(counts).toMatchObject({ truePositives: 1, falsePositives: 1, trueNegatives: 2, falseNegatives: 1 })
  })

  it('sums losses and counts score bins by label', () => {
    const counts = counted(
      'binary',
      { score: 0.25 },
      { score: 0.25, label: 0 },
      { score: 1 },
      { score: 0, label: 0 },
    )
    expect(counts.scored).toBe(4)
    // -ln 0.25 - ln 0.75, and two scores that were certain and right.
    expect(counts.logLossSum).toBeCloseTo(Math.log(4) + Math.log(4 / 3), 12)
    expect(counts.logLossSquareSum).toBeCloseTo(Math.log(4) ** 2 + Math.log(4 / 3) ** 2, 12)
    expect(counts.brierSum).toBeCloseTo(0.75 ** 2 + 0.25 ** 2, 12)
    expect(counts.brierSquareSum).toBeCloseTo(0.75 ** 4 + 0.25 ** 4, 12)
    const filled = [...counts.joint.entries()].filter(([, count]) => count > 0)
    // Bin 32 of 128 holds 0.25, the last one 1.
    expect(filled).toEqual([
      [0, 1],
      [64, 1],
      [65, 1],
      [255, 1],
    ])
  })

  it('clips a certain and wrong score', () => {
    expect(counted('binary', { score: 0 }).logLossSum).toBeCloseTo(-Math.log(1e-15), 9)
    expect(counted('binary', { score: 1, label: 0 }).logLossSum).toBeCloseTo(-Math.log(1e-15), 1)
  })

  it('takes the positive class out of a record of scores', () => {
    expect(counted('binary', { score: { 0: 0.4, 1: 0.6 } }).brierSum).toBeCloseTo(0.16, 12)
  })

  it.each([[undefined], [-0.1], [1.1], [Number.NaN], [{}], [{ 0: 0.5 }]])(
    'counts an outcome with the score %o, but not as scored',
    (score) => {
      expect(counted('binary', { score })).toEqual({
        ...createPerformanceCounts('binary'),
        n: 1,
        correct: 1,
        truePositives: 1,
      })
    },
  )

  it('does not find a score where only the prototype has one', () => {
    const counts = counted('binary', { label: 'constructor', positiveLabel: 'constructor', score: {} })
    expect(counts.scored).toBe(0)
  })
})

describe('addOutcome of a multiclass model', () => {
  const score = { cat: 0.5, dog: 0.3, ant: 0.2 }

  it('compares texts and sums the losses of the label and of all classes', () => {
    const counts = counted('multiclass', { prediction: 'cat', label: 'dog', score })
    expect(counts).toMatchObject({ n: 1, correct: 0, scored: 1 })
    expect(counts.logLossSum).toBeCloseTo(-Math.log(0.3), 12)
    expect(counts.brierSum).toBeCloseTo(0.25 + 0.49 + 0.04, 12)
    expect(counts.joint).toHaveLength(0)
  })

  it.each([[0.5], [undefined], [{ dog: 1 }], [{ cat: 0.5, dog: 2 }], [{ cat: 0.5, dog: Number.NaN }]])(
    'counts an outcome with the score %o, but not as scored',
    (other) => {
      const counts = counted('multiclass', { prediction: 'cat', label: 'cat', score: other })
      expect(counts).toEqual({ ...createPerformanceCounts('multiclass'), n: 1, correct: 1 })
    },
  )
})

describe('addOutcome of a regression model', () => {
  it('sums powers of the error', () => {
    const counts = counted('regression', { prediction: 3, label: 1 }, { prediction: -1, label: 2 })
    expect(counts).toMatchObject({ n: 2, absoluteErrorSum: 5, squaredErrorSum: 13, quarticErrorSum: 97 })
  })

  it.each([
    ['3', 1],
    [3, '1'],
    [true, 1],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
    [1e200, 0],
  ])('refuses prediction %o with label %o and counts nothing', (prediction, label) => {
    const counts = createPerformanceCounts('regression')
    expect(addOutcome(counts, { prediction, label, score: undefined, positiveLabel: '1' })).toBe(false)
    expect(counts).toEqual(createPerformanceCounts('regression'))
  })
})

describe('mergePerformanceCounts', () => {
  it('adds everything', () => {
    // Two, because a third would show in the last digit of the sums: doubles do not add associatively.
    const [first, second] = [{ score: 0.25 }, { prediction: 0, score: 0.5, label: 0 }]
    const merged = counted('binary', first)
    mergePerformanceCounts(merged, counted('binary', second))
    expect(merged).toEqual(counted('binary', first, second))
  })

  it('refuses another task', () => {
    expect(() => mergePerformanceCounts(counted('binary'), counted('regression'))).toThrow(
      /binary model, got regression/,
    )
  })
})
